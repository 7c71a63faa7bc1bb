import { check, type Kind, REASON, TEXT, TEXTS } from './check.ts';
import { Emitter } from './emitter.ts';
import { CarillonError, handled } from './errors.ts';
import type { Answered, Command, Notice, SignalEvent } from './frames.ts';
import { answering, type EndReason, joined, over, type Participation, unanswered } from './participation.ts';
import { OVER } from './refusal.ts';
import { candidatesOf, descriptionOf, type OutgoingSignal, SeenSignals, type Signal, signalIn } from './signals.ts';
import { type CallSnapshot, snapshotOf } from './snapshot.ts';
import { soon } from './timers.ts';
import type { IceServer, Member, Person, Trace } from './wire.ts';

/** What a call tells of. */
export interface CallEvents {
  /** Anything has changed: the whole call as it is now. */
  readonly change: CallSnapshot;
  /** A phone of a callee really rings. */
  readonly ringing: { readonly user?: Person };
  /** Nothing of a callee can ring for now. The ring goes on, since they may still connect. */
  readonly unreachable: {
    readonly user_id: string;
    readonly reason: 'no_devices' | 'all_tokens_dead' | 'push_rejected';
  };
  /** A member has answered. */
  readonly accepted: { readonly user_id: string };
  /** A member has declined, or is `busy`. */
  readonly rejected: { readonly user_id: string; readonly reason: string };
  /** The call is over for this handset. Nothing comes after it. */
  readonly ended: { readonly reason: EndReason };
  /** Another member has sent a session description or candidates. What came before the first listener waits for it. */
  readonly signal: Signal;
}

/** What a call needs of its client. */
export interface CallHost {
  /** The own user id. */
  readonly me: string;
  /** The server's clock, in ms. */
  now(): number;
  part(cid: string): Participation | undefined;
  put(cid: string, part: Participation): void;
  ask(command: Command): Promise<Answered>;
  notify(notice: Notice): void;
  request<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  iceServers(): Promise<readonly IceServer[]>;
}

const SIGNAL_TYPE: Kind = [
  'offer, answer or candidates',
  (value) => value === 'offer' || value === 'answer' || value === 'candidates',
];

/** After the last one there is null, or an empty string. */
const CANDIDATES: Kind = [
  'a list of candidates',
  (value) => Array.isArray(value) && value.every((one) => one === '' || typeof one === 'object'),
];

/** Codes that say that a signal can never be passed on. */
const WRONG: ReadonlySet<string> = new Set(['invalid_argument', 'validation_failed', 'payload_too_large']);

/** How many signals wait for the first listener. */
const WAITING = 500;

/** One call, from its ring to its end. A call is over once; if it rings again, that is another `Call`. */
export class Call extends Emitter<CallEvents> {
  readonly cid: string;
  readonly #host: CallHost;
  #part: Participation;
  #snapshot: CallSnapshot;
  #accepting: Promise<CallSnapshot> | undefined;
  #isResumed = false;
  /** Signals from before this, on the server's clock, were for the app as it was before it was started anew. */
  #resumedAt = 0;
  #seq = 0;
  readonly #seen = new SeenSignals();
  #waiting: Signal[] = [];
  /** What is told when the app has the call, and has had time to listen. */
  #held: { readonly name: keyof CallEvents; readonly tell: () => void }[] | undefined = [];

  /** @internal */
  constructor(cid: string, part: Participation, host: CallHost) {
    super();
    this.cid = cid;
    this.#host = host;
    this.#part = part;
    this.#snapshot = snapshotOf(cid, part);
  }

  /** The call as it is now. */
  get snapshot(): CallSnapshot {
    return this.#snapshot;
  }

  get status(): CallSnapshot['status'] {
    return this.#snapshot.status;
  }

  get members(): readonly Member[] {
    return this.#snapshot.members;
  }

  get video(): boolean {
    return this.#snapshot.video;
  }

  /** The own user id. */
  get me(): string {
    return this.#host.me;
  }

  /** Whether `resume()` has put a newly started app into this call: its peer connections have to be made anew. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  /**
   * Answers. Of all phones of this user one wins, so answer first and ask for the microphone then. If the call is over
   * or another phone was faster, nothing is thrown: the snapshot that comes back says `ended`, and why.
   */
  accept(options: { readonly answer?: string } = {}): Promise<CallSnapshot> {
    return handled(this.#accept(options));
  }

  async #accept(options: { readonly answer?: string }): Promise<CallSnapshot> {
    check('options', options, { 'answer?': TEXT });
    if (this.#part.phase === 'over') return this.#snapshot;
    this.#accepting ??= this.#answer(options);
    return await this.#accepting;
  }

  async #answer({ answer }: { readonly answer?: string }): Promise<CallSnapshot> {
    const { ringId } = this.#part;
    this.#put(answering);
    if (this.#part.phase !== 'answering') return this.#snapshot;
    try {
      await this.#host.ask({
        type: 'call.accept',
        call_cid: this.cid,
        ...(ringId !== undefined && { ring_id: ringId }),
        ...(answer !== undefined && { answer: { type: 'answer', sdp: answer } }),
      });
      this.#put(joined);
    } catch (error) {
      if (!this.#endsBy(error)) {
        this.#accepting = undefined;
        this.#put(unanswered);
        throw error;
      }
    }
    return this.#snapshot;
  }

  /** Declines. All phones of this user fall silent, this one at once. `reason`: `busy`, or up to 64 characters of the app's own. */
  reject(reason = 'decline'): Promise<CallSnapshot> {
    return handled(this.#reject(reason));
  }

  async #reject(reason: string): Promise<CallSnapshot> {
    check('reason', reason, REASON);
    const { phase, ringId } = this.#part;
    if (phase === 'in') return await this.hangUp();
    const ring = ringId === undefined ? {} : { ring_id: ringId };
    return await this.#leave({ type: 'call.reject', call_cid: this.cid, reason, ...ring }, 'rejected');
  }

  /** Ends a call of two, leaves a group, or cancels what nobody has answered. The call is over for this handset at once. */
  hangUp(): Promise<CallSnapshot> {
    const { phase } = this.#part;
    // The token of a push may decline its ring, and no more.
    if (phase === 'incoming') return this.reject();
    const isGroup = this.members.length > 2;
    const type = isGroup ? 'call.leave' : 'call.end';
    const isTalking = this.status === 'active' || phase === 'answering';
    const talked = isGroup ? 'left' : 'completed';
    return handled(this.#leave({ type, call_cid: this.cid }, isTalking ? talked : 'cancelled'));
  }

  /** Ends a group for everybody; its creator may. */
  endForAll(): Promise<CallSnapshot> {
    return handled(this.#endForAll());
  }

  async #endForAll(): Promise<CallSnapshot> {
    if (this.#part.phase === 'over') return this.#snapshot;
    // Whoever may not end it for everybody is still in it.
    return await this.#ask('call.end', () => this.#put((part) => over(part, 'completed')));
  }

  /** Goes on with a call that the app was in before it was started anew; otherwise nothing. */
  resume(): Promise<CallSnapshot> {
    return handled(this.#resume());
  }

  async #resume(): Promise<CallSnapshot> {
    if (this.#part.phase !== 'resumable') return this.#snapshot;
    this.#resumedAt = this.#host.now();
    return await this.#ask('call.resume', () => {
      this.#isResumed = true;
      this.#put(joined);
    });
  }

  /** Adds users to the call and rings them; its creator may. */
  add(userIds: readonly string[]): Promise<unknown> {
    return handled(this.#add(userIds));
  }

  async #add(userIds: readonly string[]): Promise<unknown> {
    check('userIds', userIds, TEXTS);
    const members = userIds.map((user_id) => ({ user_id }));
    return await this.#host.request('POST', `${this.#path}/members`, { members, ring: true });
  }

  /** Why each phone rang, or why it did not. */
  trace(): Promise<Trace> {
    return handled(this.#host.request<Trace>('GET', `${this.#path}/trace`));
  }

  /**
   * Sends a session description or candidates; `joinMedia` does it all, this is for an app with its own media. Resolves
   * when the server has passed on a description: send the next one then, since two on their way may overtake each other.
   */
  send(signal: OutgoingSignal): Promise<void> {
    return handled(this.#send(signal));
  }

  async #send(signal: OutgoingSignal): Promise<void> {
    check('signal', signal, { type: SIGNAL_TYPE, 'to?': TEXT });
    check('signal', signal, signal.type === 'candidates' ? { candidates: CANDIDATES } : { sdp: TEXT });
    if (this.#part.phase === 'over') return;
    // The number grows across restarts of the app, since it begins with the time.
    this.#seq = Math.max(this.#seq + 1, Math.trunc(this.#host.now()));
    if (signal.type === 'candidates') {
      this.#host.notify(candidatesOf(signal, this.cid, this.#seq));
      return;
    }
    try {
      await this.#host.ask(descriptionOf(signal, this.cid, this.#seq));
    } catch (error) {
      // What the server refuses otherwise is for a call that is over, which its events say.
      if (error instanceof CarillonError && WRONG.has(error.code)) throw error;
    }
  }

  /** The ICE servers of the deployment, with TURN credentials that are good for a quarter of an hour at least. */
  iceServers(): Promise<readonly IceServer[]> {
    return this.#host.iceServers();
  }

  /** @internal Takes the next part, and tells what has changed. */
  step(part: Participation): void {
    const [before, snapshot] = [this.#snapshot, snapshotOf(this.cid, part)];
    this.#part = part;
    if (JSON.stringify(before) === JSON.stringify(snapshot)) return;
    this.#snapshot = snapshot;
    this.emit('change', snapshot);
    for (const member of snapshot.members) this.#tellOf(member, before.members);
    if (part.phase === 'over' && part.reason) this.emit('ended', { reason: part.reason });
  }

  #tellOf({ user_id, state, reason }: Member, before: readonly Member[]): void {
    if (state === before.find((member) => member.user_id === user_id)?.state) return;
    if (state === 'accepted') this.emit('accepted', { user_id });
    if (state === 'rejected' || state === 'busy') this.emit('rejected', { user_id, reason: reason ?? state });
  }

  /** @internal The app has the call now. */
  release(): void {
    soon(0, () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      const lastChange = held.map(({ name }) => name).lastIndexOf('change');
      for (const [i, { name, tell }] of held.entries()) if (name !== 'change' || i === lastChange) tell();
    });
  }

  protected override emit<Name extends keyof CallEvents>(name: Name, detail: CallEvents[Name]): void {
    const tell = (): void => {
      super.emit(name, detail);
      if (name === 'ended') this.silence();
    };
    if (this.#held) this.#held.push({ name, tell });
    else tell();
  }

  /** @internal Takes an event that is only told. */
  tell<Name extends 'ringing' | 'unreachable'>(name: Name, detail: CallEvents[Name]): void {
    this.emit(name, detail);
  }

  /** @internal Takes a signal of another member. */
  take(event: SignalEvent): void {
    if (Date.parse(event.created_at) < this.#resumedAt || !this.#seen.isNew(event)) return;
    const signal = signalIn(event);
    if (this.hears('signal') && this.#waiting.length === 0) this.emit('signal', signal);
    else if (this.#waiting.length < WAITING) this.#waiting.push(signal);
  }

  protected override heard(name: keyof CallEvents): void {
    if (name !== 'signal' || this.#waiting.length === 0) return;
    // Not before the listener's caller knows that it listens.
    queueMicrotask(() => {
      for (const signal of this.#waiting.splice(0)) this.emit('signal', signal);
    });
  }

  get #path(): string {
    const { type, id } = this.#snapshot;
    return `/api/v2/video/call/${type}/${id}`;
  }

  #put(next: (part: Participation) => Participation): void {
    this.#host.put(this.cid, next(this.#host.part(this.cid) ?? this.#part));
  }

  async #leave(command: Command, reason: EndReason): Promise<CallSnapshot> {
    if (this.#part.phase === 'over') return this.#snapshot;
    // First, so that it counts as asked before this handset forgets the call.
    const asked = this.#host.ask(command);
    this.#put((part) => over(part, reason));
    try {
      await asked;
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      // A woken phone may not decline any more once another one has answered.
      const isAnswered = command.type === 'call.reject' && error.code === 'not_allowed';
      if (!isAnswered && !(error.code in OVER)) throw error;
    }
    return this.#snapshot;
  }

  /** Asks for what counts once it is granted. */
  async #ask(type: 'call.end' | 'call.resume', granted: () => void): Promise<CallSnapshot> {
    try {
      await this.#host.ask({ type, call_cid: this.cid });
      granted();
    } catch (error) {
      if (!this.#endsBy(error)) throw error;
    }
    return this.#snapshot;
  }

  /** Whether a refusal says that the call is over. Then it is. */
  #endsBy(error: unknown): boolean {
    const reason = error instanceof CarillonError && OVER[error.code];
    if (reason) this.#put((part) => over(part, reason));
    return Boolean(reason);
  }
}
