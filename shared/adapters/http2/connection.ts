import { connect } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { exchange, type Received, type Request } from './exchange.ts';
import { goawayReason } from './goaway.ts';
import { answersPing } from './ping.ts';

/** What became of a request. */
export type Sent =
  | ({ readonly kind: 'answered' } & Pick<Received, 'status' | 'headers' | 'text'>)
  /** Nobody answered; the service may have acted on it. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The service has certainly not acted on it. */
  | { readonly kind: 'unsent'; readonly reason: string };

/** One connection to a service. */
export interface Connection {
  /** `closed`: takes no more requests; those under way may still be answered. */
  readonly state: 'opening' | 'open' | 'closed';
  readonly opened: boolean;
  /** How many more requests it takes at this moment. */
  readonly free: number;
  /** When something last came from the other side, on the clock of `performance.now()`. */
  readonly heardAt: number;
  /** Why it was closed. */
  readonly reason: string;
  /** Finds out whether the other side is still there; it is closed where that shows in 400 ms not to be so. */
  prove(): void;
  send(request: Request, timeoutMs: number): Promise<Sent>;
}

/** To reach the service and to agree on keys. */
const OPENING_MS = 1500;
/** An answer usually takes a fifth of this. */
const SILENCE_MS = 600;

/** Opens a connection to `origin`, which keeps no process alive. `changed` is called when it has opened, has room, or takes no more. */
export function openConnection(origin: string, changed: () => void): Connection {
  const session = connect(origin, { settings: { enablePush: false } });
  session.unref();
  const now = () => performance.now();
  const life = { opened: false, limit: 1, leaving: false, busy: 0, proving: false, reason: 'closed' };
  const last = { heardAt: now(), answeredAt: 0, taken: Number.POSITIVE_INFINITY };

  const heard = (): void => {
    last.heardAt = now();
  };
  const close = (reason: string): void => {
    life.leaving = true;
    life.reason = reason;
    session.destroy();
    changed();
  };
  /** Those under way may go on; then it closes. */
  const leave = (reason: string): void => {
    life.leaving = true;
    life.reason = reason;
    if (life.busy === 0) close(reason);
    else changed();
  };
  const prove = async (): Promise<void> => {
    if (life.proving) return;
    life.proving = true;
    const alive = await answersPing(session);
    life.proving = false;
    if (alive) heard();
    if (alive || session.destroyed) changed();
    else close('it went silent');
  };
  const opening = setTimeout(() => close('it took too long to connect'), OPENING_MS).unref();

  session.on('connect', () => {
    clearTimeout(opening);
    life.opened = true;
    heard();
    changed();
  });
  session.on('remoteSettings', ({ maxConcurrentStreams }) => {
    life.limit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
    heard();
    changed();
  });
  session.on('goaway', (code, lastStreamId, data) => {
    last.taken = lastStreamId;
    leave(goawayReason(code, data));
  });
  session.on('error', (error: NodeJS.ErrnoException) => {
    if (!life.leaving) life.reason = error.code ?? error.message;
  });
  session.on('close', () => {
    clearTimeout(opening);
    changed();
  });

  const isOpen = (): boolean => life.opened && !life.leaving && !session.closed && !session.destroyed;
  return {
    get state() {
      if (isOpen()) return 'open';
      return life.opened || life.leaving || session.destroyed ? 'closed' : 'opening';
    },
    get opened() {
      return life.opened;
    },
    get free() {
      return isOpen() ? Math.max(0, life.limit - life.busy) : 0;
    },
    get heardAt() {
      return last.heardAt;
    },
    get reason() {
      return life.reason;
    },
    prove: () => void prove(),
    async send(request, timeoutMs) {
      const sentAt = now();
      life.busy += 1;
      const watch = setTimeout(() => void (last.heardAt < sentAt && prove()), SILENCE_MS).unref();
      const received = await exchange(session, request, timeoutMs, heard).catch(neverLeft);
      clearTimeout(watch);
      if (received.status > 0) last.answeredAt = now();
      // How far the service had come may show just behind the end of the stream.
      else await turn();
      life.busy -= 1;
      if (received.ending === 'refused') leave('refused');
      // That one answer was slow says nothing, that there was none at all does.
      else if (received.ending === 'timeout' && last.answeredAt < sentAt) leave('it no longer answers');
      else if (life.leaving) leave(life.reason);
      else changed();
      return verdict(received, last.taken, isOpen() ? 'no answer' : life.reason);
    },
  };
}

const neverLeft = (): Received => ({ status: 0, headers: {}, text: '', streamId: undefined, ending: 'closed' });

function verdict({ status, headers, text, ending, streamId }: Received, lastTaken: number, reason: string): Sent {
  if (status > 0) return { kind: 'answered', status, headers, text };
  const untouched = ending === 'refused' || streamId === undefined || streamId > lastTaken;
  return { kind: untouched ? 'unsent' : 'unanswered', reason: ending === 'closed' ? reason : ending };
}
