import { Call, type CallHost } from './call.ts';
import { CallBook, type Step } from './call-book.ts';
import { BOOLEAN, check, FUNCTION, NUMBER, OBJECT, originOf, type Shape, TEXT, TEXTS, TOKEN, WS } from './check.ts';
import { Emitter } from './emitter.ts';
import { CarillonError, handled } from './errors.ts';
import { type Answered, type Command, isSignal, isState, type ServerEvent, type SignalEvent } from './frames.ts';
import { claimHandset, HARDWARE_ID } from './handset.ts';
import { Link, type LinkState } from './link.ts';
import { joined, over, type Participation, placing, type Source } from './participation.ts';
import type { News } from './picture.ts';
import { newId, onWake } from './platform.ts';
import type { RingPushed } from './pushed.ts';
import { isSpent } from './refusal.ts';
import { Rest } from './rest.ts';
import { given } from './signals.ts';
import { type PushRegistration, subscription } from './subscription.ts';
import { later } from './timers.ts';
import { TIMING, TIMING_SHAPE, type Timing } from './timing.ts';
import { type TokenSource, Tokens } from './tokens.ts';
import type {
  AnsweredOn,
  CallActiveEvent,
  CallResource,
  ConnectAnswer,
  Device,
  IceServer,
  IceServerList,
  PushProviderList,
  RegisterDeviceRequest,
  RegisteredDevice,
  UserConnectedEvent,
} from './wire.ts';

/** How to reach a deployment, and as whom. */
export interface CarillonOptions {
  /** The origin of the deployment, `https://…`. */
  readonly url: string;
  /** The address of its WebSocket, if that is another one: by default `/ws` of the same origin. */
  readonly socketUrl?: string;
  /**
   * A login token of the user, or a function that fetches one from the app's own backend. The function is asked again
   * before the token expires and when it is refused.
   */
  readonly token: TokenSource;
  /**
   * A stable id of this handset, the same as with its push tokens. In a browser each tab needs its own: leave it out, or
   * give one for the browser, of which further tabs make `<id>.2` and so on.
   */
  readonly hardwareId?: string;
  /** The runtime's own by default: for those that have none, such as Node 20 with the package `ws`. */
  readonly WebSocket?: SocketConstructor;
  /** Other times than the usual ones, for tests. */
  readonly timing?: Partial<Timing>;
}

/** What makes a WebSocket. */
export type SocketConstructor = new (url: string, protocols: string[]) => WebSocket;

/** What a client tells of. */
export interface CarillonEvents {
  /** Somebody calls. The caller hears that it rings, since somebody listens. */
  readonly incoming: Call;
  /** This user was in that call before the app was started anew: `resume()` it or `hangUp()`, within 20 seconds. */
  readonly resumable: Call;
  /** There is a connection, or there is none for now; the client comes back by itself. */
  readonly connection: LinkState;
  /** The connection is closed for good: `connect()` again when the reason is mended. */
  readonly error: CarillonError;
}

/** How to ring. */
export interface RingOptions {
  readonly video?: boolean;
  /** The app's own data, at most 2 KiB of JSON. */
  readonly custom?: Record<string, unknown>;
  /** How long it rings: 5 000 to 180 000 ms, 45 000 by default. */
  readonly timeoutMs?: number;
  readonly type?: string;
  /** A new id by default. */
  readonly id?: string;
  /** An offer to send along, for an app with its own media; `joinMedia` sends its own. */
  readonly offer?: string;
  /** Hangs up, also before `ring()` is done. */
  readonly signal?: AbortSignal;
}

/** Where `Carillon.fromPush` connects to. */
export type FromPushOptions = Pick<CarillonOptions, 'url' | 'socketUrl' | 'WebSocket' | 'timing'>;

const OPTIONS: Shape = {
  'socketUrl?': WS,
  'hardwareId?': HARDWARE_ID,
  'WebSocket?': FUNCTION,
  'timing?': TIMING_SHAPE,
};

const RING_OPTIONS: Shape = {
  'video?': BOOLEAN,
  'custom?': OBJECT,
  'timeoutMs?': NUMBER,
  'type?': TEXT,
  'id?': TEXT,
  'offer?': TEXT,
  'signal?': { addEventListener: FUNCTION, removeEventListener: FUNCTION },
};

const RING_PUSHED: Shape = {
  call: { cid: TEXT, type: TEXT, id: TEXT, receiverId: TEXT, ringId: TEXT, expiresAt: NUMBER },
  wakeToken: TOKEN,
};

/** TURN credentials are good for an hour. */
const ICE_SERVERS_MS = 45 * 60_000;
/** No ring lasts longer; the clock of a phone may say otherwise. */
const LONGEST_RING_MS = 180_000;
/** How long after a ring its caller looks, if no event has told of its end. */
const LATE_MS = 5_000;
/** How long to wait, and how often, until the server has noticed that the app as it was before is gone. */
const DOUBT_MS = 2_000;
const MOST_DOUBTS = 3;
/** How often a socket is refused, for no reason that the REST API knows of, before its address is in doubt. */
const DUBIOUS_REFUSALS = 3;
/** How many signals wait for a call of which no event has come yet. */
const EARLY = 300;

/** One user's connection to Carillon: rings, and is rung. */
export class Carillon extends Emitter<CarillonEvents> {
  readonly #options: CarillonOptions;
  readonly #timing: Timing;
  readonly #sockets: string;
  readonly #tokens: Tokens;
  readonly #rest: Rest;
  readonly #link: Link;
  readonly #sessionId = newId();
  readonly #calls = new Map<string, Call>();
  readonly #untold = new Set<Call>();
  readonly #host: CallHost;
  #handset: Awaited<ReturnType<typeof claimHandset>> | undefined;
  #connectionIds = new Set<string>();
  #book: CallBook | undefined;
  #me = '';
  #serverIsAheadMs = 0;
  #iceServers: { readonly list: readonly IceServer[]; readonly at: number } = { list: [], at: 0 };
  /** Events that overtook the first greeting. */
  #tooEarly: ServerEvent[] = [];
  #early: SignalEvent[] = [];
  readonly #overAt = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #lookedAt = new Set<string>();
  #refusedToken: string | undefined;
  #doubts = 0;
  #refusals = 0;
  #probe = '/api/v2/ice_servers';
  #unwake = (): void => {};
  #unalarm = (): void => {};

  constructor(options: CarillonOptions) {
    super();
    check('options', options, OPTIONS);
    const origin = originOf('options.url', options.url);
    this.#options = options;
    this.#timing = { ...TIMING, ...given(options.timing ?? {}) };
    this.#sockets = options.socketUrl ?? `${origin.replace(/^http/, 'ws')}/ws`;
    this.#tokens = new Tokens(options.token, () => this.now());
    this.#rest = new Rest(origin, this.#tokens);
    this.#link = new Link({
      timing: this.#timing,
      open: () => this.#open(),
      diagnose: () => this.#diagnose(),
      onEvent: (event) => this.#hear(event),
      onState: (state, error) => this.#turn(state, error),
    });
    const self = this;
    this.#host = {
      get me() {
        return self.#me;
      },
      now: () => this.now(),
      part: (cid) => this.#book?.part(cid),
      put: (cid, part) => this.#put(cid, part),
      ask: (command) => this.#ask(command),
      notify: (notice) => this.#link.notify(notice),
      request: (method, path, body) => this.#rest.request(method, path, body),
      iceServers: () => this.iceServers(),
    };
  }

  /**
   * Wakes up for a call with nothing but its push: the app may have been killed, and its login may have expired. The
   * call is answered, declined and signalled like any other, and its connection closes when it is over.
   */
  static fromPush(pushed: RingPushed, options: FromPushOptions): Promise<Call> {
    return handled(Carillon.#fromPush(pushed, options));
  }

  static async #fromPush(pushed: RingPushed, options: FromPushOptions): Promise<Call> {
    check('pushed', pushed, OBJECT);
    if (pushed.kind !== 'ring')
      throw new CarillonError('invalid_argument', 'only a push of the kind `ring` wakes a call');
    check('pushed', pushed, RING_PUSHED);
    check('options', options, OPTIONS);
    const { cid, type, id, receiverId, ringId, expiresAt } = pushed.call;
    const connect = Math.min(Math.max(TIMING.connect, expiresAt - Date.now()), LONGEST_RING_MS);
    const client = new Carillon({ ...options, token: pushed.wakeToken, timing: { connect, ...options.timing } });
    client.#probe = `/api/v2/video/call/${type}/${id}`;
    client.#begin(receiverId);
    const call = client.#add(cid, { phase: 'incoming', outgoing: false, ringId, deadline: expiresAt });
    call.once('ended', () => client.#closeWhenIdle());
    try {
      await client.connect();
      await client.#lookUp(cid);
      if (call.status !== 'ended') client.#link.notify({ type: 'call.ringing', call_cid: cid });
    } catch (error) {
      // With a spent token there is nothing to answer any more, and the call is over.
      if (!(error instanceof CarillonError && isSpent(error))) {
        client.close();
        throw error;
      }
    }
    call.release();
    return call;
  }

  /**
   * Opens the connection and resolves when the server has greeted it. From then on it stays, whatever happens to the
   * network. Rejects if the token is refused or the WebSocket is at another address, or if the server cannot be reached
   * within 20 seconds.
   */
  connect(): Promise<UserConnectedEvent> {
    if (this.#link.state === 'closed') {
      this.#refusedToken = undefined;
      this.#refusals = 0;
      this.#unwake();
      this.#unwake = onWake((isNewNetwork) => this.#link.check(isNewNetwork));
    }
    return this.#link.start();
  }

  /** Closes the connection; calls go on elsewhere or end 20 seconds later. No listener and no timer is left. */
  close(): void {
    this.#link.stop(new CarillonError('closed', 'the client was closed'), true);
    this.#turn('closed');
    this.silence();
  }

  /** Whether there is a connection. */
  get connection(): LinkState {
    return this.#link.state;
  }

  /** The own user id; empty until the first connection. */
  get userId(): string {
    return this.#me;
  }

  /** The calls that this handset has a part in. */
  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** The server's clock, in ms: the clock of a phone may be wrong by hours. */
  now(): number {
    return Date.now() + this.#serverIsAheadMs;
  }

  /**
   * Rings users. Resolves when their phones are being rung. If the one who is called is ringing this user at that
   * moment, it answers that call instead.
   */
  ring(userIds: readonly string[], options: RingOptions = {}): Promise<Call> {
    return handled(this.#ring(userIds, options));
  }

  async #ring(userIds: readonly string[], options: RingOptions): Promise<Call> {
    check('userIds', userIds, TEXTS);
    check('options', options, RING_OPTIONS);
    const { type = 'default', id = newId(), signal } = options;
    if (!this.#book) await this.#greeted();
    const cid = `${type}:${id}`;
    const call = this.#add(cid, placing);
    const hangUp = (): void => void call.hangUp();
    signal?.addEventListener('abort', hangUp);
    try {
      if (signal?.aborted) throw new CarillonError('invalid_argument', 'the signal was aborted before the call');
      await this.#ask(ringCommand(userIds, type, id, options));
      this.#putNext(cid, joined);
      return call;
    } catch (error) {
      return await this.#refused(call, error);
    } finally {
      call.once('ended', () => signal?.removeEventListener('abort', hangUp));
      call.release();
    }
  }

  /** What becomes of a call that could not be placed. */
  async #refused(call: Call, error: unknown): Promise<Call> {
    if (call.status === 'ended') return call;
    this.#putNext(call.cid, (part) => over(part, 'failed'));
    if (!(error instanceof CarillonError)) throw error;
    if (error.code === 'offline' || error.code === 'timeout') {
      // It may have been placed all the same.
      void handled(this.#ask({ type: 'call.end', call_cid: call.cid }));
    }
    const theirs = error.code === 'glare' && error.news;
    if (!theirs) throw error;
    this.#learn(theirs);
    const ringing = this.#calls.get(theirs.call.cid);
    if (!ringing) throw error;
    await ringing.accept();
    return ringing;
  }

  /** The ICE servers of the deployment, with TURN credentials that are good for a quarter of an hour at least. */
  async iceServers(): Promise<readonly IceServer[]> {
    if (Date.now() - this.#iceServers.at > ICE_SERVERS_MS) {
      try {
        const { ice_servers } = await this.#rest.request<IceServerList>('GET', '/api/v2/ice_servers');
        this.#iceServers = { list: ice_servers, at: Date.now() };
      } catch {
        // Those from before are better than none.
      }
    }
    return this.#iceServers.list;
  }

  /** Registers a push token of this handset: at every start, when it changes, and after every login. */
  registerDevice(device: RegisterDeviceRequest): Promise<Device> {
    return handled(this.#register(device));
  }

  async #register(device: RegisterDeviceRequest): Promise<Device> {
    check('device', device, { id: TEXT, push_provider: TEXT });
    const { hardwareId } = this.#options;
    const body = { ...(hardwareId !== undefined && { hardware_id: hardwareId }), ...device };
    return (await this.#rest.request<RegisteredDevice>('POST', '/api/v2/devices', body)).device;
  }

  /**
   * Lets this browser ring while no page is open: subscribes a service worker, whose pushes `readPush` reads, and registers
   * it. Call it after a click, since the browser asks the user, and after every login.
   */
  subscribe(registration: PushRegistration, name = 'default'): Promise<Device> {
    return handled(this.#subscribe(registration, name));
  }

  async #subscribe(registration: PushRegistration, name: string): Promise<Device> {
    check('registration', registration, OBJECT);
    check('name', name, TEXT);
    const { push_providers } = await this.#rest.request<PushProviderList>('GET', '/api/v2/push_providers');
    const key = push_providers.find((one) => one.push_provider === 'webpush' && one.name === name)?.public_key;
    if (key === undefined) throw new CarillonError('invalid_argument', `there is no Web Push provider ${name}`);
    const device = await subscription(registration, key);
    return await this.registerDevice({ ...device, push_provider: 'webpush', push_provider_name: name });
  }

  /** Forgets a push token, at logout: before the login token is gone. */
  removeDevice(token: string): Promise<void> {
    return handled(this.#remove(token));
  }

  async #remove(token: string): Promise<void> {
    check('token', token, TEXT);
    await this.#rest.request('DELETE', `/api/v2/devices?id=${encodeURIComponent(token)}`);
  }

  protected override heard(name: keyof CarillonEvents): void {
    if (name === 'incoming' || name === 'resumable') queueMicrotask(() => this.#tellCalls());
  }

  /** Waits for the first greeting. */
  async #greeted(): Promise<void> {
    if (this.#link.state === 'closed')
      throw new CarillonError('closed', 'there is no connection: call connect() first');
    await this.#link.start();
  }

  async #open(): Promise<WebSocket> {
    const { WebSocket: Socket = (globalThis as { WebSocket?: SocketConstructor }).WebSocket } = this.#options; // oxlint-disable-line typescript/no-unsafe-type-assertion -- Node 20 has none
    if (!Socket) throw new CarillonError('no_websocket', 'this runtime has no WebSocket: pass one, or use Node 22');
    this.#handset ??= await claimHandset(this.#options.hardwareId);
    const token = await this.#tokens.get();
    const { id } = this.#handset;
    const handset = id === undefined ? '' : `hardware_id=${encodeURIComponent(id)}&`;
    try {
      return new Socket(`${this.#sockets}?${handset}session_id=${this.#sessionId}`, ['carillon', `bearer.${token}`]);
    } catch (cause) {
      // Such as a page of https that may open only wss.
      throw new CarillonError('invalid_argument', `no WebSocket can be opened at ${this.#sockets}`, { cause });
    }
  }

  /** Browsers do not say why a socket was refused; the REST API does. */
  async #diagnose(): Promise<CarillonError | undefined> {
    let token: string | undefined;
    try {
      token = await this.#tokens.get();
      await this.#rest.once('GET', this.#probe, token);
      return await this.#astray(token);
    } catch (error) {
      if (!(error instanceof CarillonError) || token === undefined) return undefined;
      if (error.status === 401) return this.#refuse(token, error);
      if (error.status === 400) {
        const message = `this token opens no connection: ${error.message}`;
        return new CarillonError('invalid_argument', message, { status: 400, cause: error });
      }
      return error.code === 'not_allowed' || error.code === 'not_carillon' ? error : undefined;
    }
  }

  /** Whether the WebSocket is at another address: it never opens, though all else is well, and the server names another. */
  async #astray(token: string): Promise<CarillonError | undefined> {
    this.#refusals += 1;
    if (this.#book || this.#refusals < DUBIOUS_REFUSALS) return undefined;
    const { connection } = await this.#rest.once<ConnectAnswer>('POST', '/api/v2/connect', token);
    if (connection.url === this.#sockets) return undefined;
    const message = `no WebSocket opens at ${this.#sockets}: the server says that socketUrl is ${connection.url}`;
    return new CarillonError('not_carillon', message);
  }

  /** Asks for another token once. */
  #refuse(token: string, error: CarillonError): CarillonError | undefined {
    if (!this.#tokens.canAskAgain || this.#refusedToken !== undefined) return error;
    this.#refusedToken = token;
    this.#tokens.refuse(token);
    return undefined;
  }

  #turn(state: LinkState, error?: CarillonError): void {
    if (state === 'closed') this.#forget();
    this.emit('connection', state);
    if (error) this.emit('error', error);
  }

  #forget(): void {
    this.#unwake();
    this.#unalarm();
    this.#handset?.free();
    this.#handset = undefined;
    for (const cid of this.#book?.cids ?? []) {
      this.#putNext(cid, (part) => over(part, part.phase === 'incoming' ? 'missed' : 'left'));
    }
    this.#book = undefined;
  }

  #closeWhenIdle(): void {
    this.#link.whenAnswered(() => this.close());
  }

  #begin(me: string): void {
    this.#me = me;
    this.#book ??= new CallBook(me, (answeredOn) => this.#isHere(answeredOn));
  }

  #isHere({ connection_id, hardware_id }: AnsweredOn): boolean {
    const isOurs = connection_id !== undefined && this.#connectionIds.has(connection_id);
    return isOurs || (hardware_id !== undefined && hardware_id === this.#handset?.id);
  }

  #hear(event: ServerEvent): void {
    if (event.type === 'user.connected') this.#greet(event);
    else if (!this.#book) this.#tooEarly.push(event);
    else if (event.type === 'call.active') this.#mayResume(event);
    else if (isState(event)) this.#learn(event, sourceOf(event));
    else if (isSignal(event)) this.#signal(event);
    else if (event.type === 'call.ringing' || event.type === 'call.unreachable') this.#tellOnce(event);
  }

  /** A call that this user is in: by this app, by this handset before its app was started anew, or by another handset. */
  #mayResume(event: CallActiveEvent): void {
    const answeredOn = event.members.find(({ user_id }) => user_id === this.#me)?.answered_on;
    const resumable = event.resumable || (answeredOn !== undefined && this.#isHere(answeredOn));
    this.#learn(event, { resumable });
    if (resumable || answeredOn || this.#book?.part(event.call_cid) || this.#doubts >= MOST_DOUBTS) return;
    // The server may not have noticed yet that the app as it was before is gone: the next socket is told.
    this.#doubts += 1;
    later(DOUBT_MS, () => this.#link.check(true));
  }

  #greet({ user, connection_id, ice_servers, server_time, call_token }: UserConnectedEvent): void {
    this.#serverIsAheadMs = Date.parse(server_time) - Date.now();
    this.#iceServers = { list: ice_servers, at: Date.now() };
    this.#connectionIds.add(connection_id);
    this.#refusedToken = undefined;
    if (call_token !== undefined) this.#tokens.set(call_token);
    this.#begin(user.id);
    for (const event of this.#tooEarly.splice(0)) this.#hear(event);
    // Whatever happened while there was no connection.
    for (const [cid, call] of this.#calls) if (call.snapshot.version > 0) void this.#lookUp(cid);
  }

  /** Reads a call as it is. What cannot be read now will be told by an event, or at the next connection. */
  async #lookUp(cid: string): Promise<void> {
    try {
      this.#learn(await this.#rest.request<CallResource>('GET', `/api/v2/video/call/${cid.replace(':', '/')}`));
    } catch (error) {
      if (error instanceof CarillonError && error.code === 'not_found')
        this.#putNext(cid, (part) => over(part, 'failed'));
    }
  }

  async #ask(command: Command): Promise<Answered> {
    try {
      const answer = await this.#link.ask(command);
      if ('call_token' in answer && answer.call_token !== undefined) this.#tokens.set(answer.call_token);
      if ('call' in answer) this.#learn(answer);
      return answer;
    } catch (error) {
      // A glare shows the other call, which the caller of this looks at.
      if (error instanceof CarillonError && error.news && error.code !== 'glare') this.#learn(error.news);
      throw error;
    }
  }

  #learn(news: News, source?: Source): void {
    if (this.#book) this.#dispatch(this.#book.hear(news, this.now(), source));
  }

  #put(cid: string, part: Participation): void {
    if (this.#book) this.#dispatch(this.#book.put(cid, part));
  }

  #putNext(cid: string, next: (part: Participation) => Participation): void {
    const part = this.#book?.part(cid);
    if (part) this.#put(cid, next(part));
  }

  #add(cid: string, part: Participation): Call {
    const known = this.#calls.get(cid);
    if (known) throw new CarillonError('invalid_argument', `there is a call ${cid} already`);
    this.#put(cid, part);
    const call = this.#calls.get(cid);
    if (!call) throw new CarillonError('closed', 'there is no connection: call connect() first');
    this.#untold.delete(call);
    return call;
  }

  #dispatch(steps: readonly Step[]): void {
    for (const { cid, after } of steps) {
      const call = this.#calls.get(cid) ?? this.#newCall(cid, after);
      if (after.phase === 'over') {
        this.#calls.delete(cid);
        this.#untold.delete(call);
        this.#overAt.set(cid, this.now());
      }
      call.step(after);
    }
    if (steps.length > 0) this.#setAlarm();
    this.#tellCalls();
  }

  #newCall(cid: string, part: Participation): Call {
    const call = new Call(cid, part, this.#host);
    this.#calls.set(cid, call);
    this.#untold.add(call);
    const early = this.#early.filter(({ call_cid }) => call_cid === cid);
    this.#early = this.#early.filter(({ call_cid }) => call_cid !== cid);
    for (const event of early) call.take(event);
    return call;
  }

  /** Tells the app of new calls, when it listens. */
  #tellCalls(): void {
    for (const call of [...this.#untold]) {
      const phase = this.#book?.part(call.cid)?.phase;
      const name = phase === 'resumable' ? 'resumable' : 'incoming';
      if (phase !== name || !this.hears(name)) continue;
      this.#untold.delete(call);
      this.emit(name, call);
      call.release();
      if (name === 'incoming') this.#link.notify({ type: 'call.ringing', call_cid: call.cid });
    }
  }

  #signal(event: SignalEvent): void {
    const call = this.#calls.get(event.call_cid);
    if (call) call.take(event);
    else if (Date.parse(event.created_at) > (this.#overAt.get(event.call_cid) ?? 0)) {
      this.#early.push(event);
      if (this.#early.length > EARLY) this.#early.shift();
    }
  }

  /** Two sockets of one client tell of the same event while the one takes over from the other. */
  #tellOnce(event: Extract<ServerEvent, { type: 'call.ringing' | 'call.unreachable' }>): void {
    const name = JSON.stringify(event);
    if (this.#told.has(name)) return;
    this.#told.add(name);
    const call = this.#calls.get(event.call_cid);
    if (event.type === 'call.ringing') call?.tell('ringing', event.user ? { user: event.user } : {});
    else call?.tell('unreachable', { user_id: event.user_id, reason: event.reason });
  }

  /** Waits for the end of the next ring. */
  #setAlarm(): void {
    this.#unalarm();
    const looks = this.#looksDue();
    const next = Math.min(this.#book?.nextDeadline ?? Number.POSITIVE_INFINITY, ...looks.map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) return;
    this.#unalarm = later(Math.max(0, next - this.now()), () => {
      for (const { name, at, cid } of this.#looksDue()) {
        if (at > this.now()) continue;
        this.#lookedAt.add(name);
        void this.#lookUp(cid);
      }
      if (this.#book) this.#dispatch(this.#book.tick(this.now()));
      this.#setAlarm();
    });
  }

  /** When to look at calls whose ring is over: the event that says so may have been lost. */
  #looksDue(): { readonly cid: string; readonly name: string; readonly at: number }[] {
    return this.calls.flatMap(({ cid, snapshot: { status, outgoing, ringExpiresAt } }) => {
      const name = `${cid} ${ringExpiresAt}`;
      if (!outgoing || status !== 'ringing' || ringExpiresAt === undefined || this.#lookedAt.has(name)) return [];
      return { cid, name, at: ringExpiresAt + LATE_MS };
    });
  }
}

const ringCommand = (
  userIds: readonly string[],
  call_type: string,
  call_id: string,
  { video = false, custom, timeoutMs, offer }: RingOptions,
): Command => ({
  type: 'call.ring',
  call_type,
  call_id,
  members: userIds.map((user_id) => ({ user_id })),
  video,
  ...(custom && { custom }),
  ...(timeoutMs !== undefined && { settings_override: { ring: { auto_cancel_timeout_ms: timeoutMs } } }),
  ...(offer !== undefined && { offer: { type: 'offer', sdp: offer } }),
});

const sourceOf = (event: object): Source =>
  'reason' in event && typeof event.reason === 'string' ? { reason: event.reason } : {};
