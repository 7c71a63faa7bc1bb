import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { joinMedia } from '#client/media/index.ts';
import { cameraOr, type Media } from './media.ts';

/** What Alice sees. */
export interface LaptopView {
  readonly says: string;
  readonly isCalling: boolean;
  readonly cid?: string;
  readonly mine?: MediaStream;
  readonly theirs?: MediaStream;
}

const ENDS: Readonly<Record<string, string>> = {
  completed: 'The call is over.',
  rejected: 'Bob has declined.',
  cancelled: 'You have hung up.',
  missed: 'Nobody has answered.',
  busy: 'Bob is in another call.',
  failed: 'The call has failed.',
};

/** How long her calls may ring, in ms: a short time for whoever wants to see one run out, and what apps have by default. */
export const RING_TIMES = [12_000, 45_000] as const;

/** Alice's browser, which calls. */
export class Laptop {
  readonly #carillon: Carillon;
  readonly #callee: string;
  readonly #changed: () => void;
  #view: LaptopView = { says: 'Ready.', isCalling: false };
  #stack: 'there' | 'away' | 'another' = 'there';
  #call: Call | undefined;
  #media: Media | undefined;
  #ringMs: number = RING_TIMES[1];

  constructor(loginToken: string, callee: string, changed: () => void) {
    this.#carillon = new Carillon({ url: location.origin, token: loginToken, hardwareId: 'laptop' });
    this.#callee = callee;
    this.#changed = changed;
    this.#carillon.on('connection', (state) => this.#notice(state === 'reconnecting' ? 'away' : 'there'));
    // It comes back by itself, unless its token is nobody's any more.
    this.#carillon.on('error', () => this.#notice('another'));
  }

  /** Whether the local stack answers, and is the one that made this visit's people and phones. */
  get stack(): 'there' | 'away' | 'another' {
    return this.#stack;
  }

  get view(): LaptopView {
    return this.#view;
  }

  /** How long the next call rings, in ms. */
  get ringMs(): number {
    return this.#ringMs;
  }

  setRingMs(ringMs: number): void {
    this.#ringMs = ringMs;
    this.#changed();
  }

  connect(): Promise<unknown> {
    return this.#carillon.connect();
  }

  async ring(): Promise<void> {
    this.#show({ says: 'Calling Bob …', isCalling: true });
    try {
      const call = await this.#carillon.ring([this.#callee], { video: true, timeoutMs: this.#ringMs });
      this.#call = call;
      call.on('ringing', () => this.#merge({ says: 'Bob’s phone is ringing.' }));
      call.on('unreachable', ({ reason }) =>
        this.#merge({ says: `No phone of Bob’s can be rung (${reason}), but he may still come.` }),
      );
      call.on('accepted', () => this.#merge({ says: 'Bob has answered.' }));
      call.on('ended', ({ reason }) => this.#over(reason));
      this.#merge({ cid: call.cid });
      const media = await cameraOr('Alice', 265);
      if (call.status === 'ended') return media.stop();
      this.#media = media;
      this.#merge({ mine: media.stream });
      joinMedia(call, { stream: media.stream }).on('track', ({ stream }) => this.#merge({ theirs: stream }));
    } catch (error) {
      this.#over('failed');
      this.#merge({ says: error instanceof Error ? error.message : String(error) });
    }
  }

  async hangUp(): Promise<void> {
    await this.#call?.hangUp();
  }

  /** Hangs up, and goes. */
  async close(): Promise<void> {
    this.#media?.stop();
    await this.hangUp().catch(() => undefined);
    this.#carillon.close();
  }

  #notice(stack: 'there' | 'away' | 'another'): void {
    // Its connection is closed after the error, too.
    if (this.#stack === 'another') return;
    this.#stack = stack;
    this.#changed();
  }

  #over(reason: string): void {
    this.#media?.stop();
    this.#media = undefined;
    this.#call = undefined;
    const { cid } = this.#view;
    this.#show({ says: ENDS[reason] ?? 'The call is over.', isCalling: false, ...(cid !== undefined && { cid }) });
  }

  #merge(more: Partial<LaptopView>): void {
    this.#show({ ...this.#view, ...more });
  }

  #show(view: LaptopView): void {
    this.#view = view;
    this.#changed();
  }
}
