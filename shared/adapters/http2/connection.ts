import { type ClientHttp2Session, connect } from 'node:http2';
import { exchange, type Received, type Request, type Sent } from './exchange.ts';
import { answersPing } from './ping.ts';
import { type SessionState, watchSession } from './session-state.ts';

/** One connection to a service. */
export interface Connection {
  /** `over`: takes no more requests; those that are open may still be answered. */
  readonly state: 'opening' | 'open' | 'over';
  readonly opened: boolean;
  /** How many more requests it takes at this moment. */
  readonly free: number;
  /** When something last came from the other side, on the clock of `performance.now()`. */
  readonly heardAt: number;
  /** Why it is over. */
  readonly reason: string;
  /** Finds out whether the other side is still there; where it does not answer in 400 ms, the connection is over. */
  prove(): void;
  send(request: Request, timeoutMs: number): Promise<Sent>;
}

/** To reach the service and to agree on keys. */
const OPENING_MS = 1500;
/** Most answers have come by then; where nothing has, the connection has to prove itself. */
const SILENCE_MS = 300;

/** Opens a connection to `origin`, which keeps no process alive; `changed` is called when it has opened, has room, or is over. */
export function openConnection(origin: string, changed: () => void): Connection {
  const session = connect(origin, { settings: { enablePush: false } });
  session.unref();
  const life = watchSession(session, changed);
  setTimeout(() => life.opened || life.close('it took too long to connect'), OPENING_MS).unref();
  const prove = proving(session, life, changed);
  return {
    get state() {
      if (life.isOver) return 'over';
      return life.opened ? 'open' : 'opening';
    },
    get opened() {
      return life.opened;
    },
    get free() {
      return life.isOpen ? Math.max(0, life.limit - life.busy) : 0;
    },
    get heardAt() {
      return life.heardAt;
    },
    get reason() {
      return life.reason;
    },
    prove,
    send: sending(session, life, { prove, changed }),
  };
}

/** Asks the other side for a sign of life, once at a time. */
function proving(session: ClientHttp2Session, life: SessionState, changed: () => void): () => void {
  let asked = false;
  const ask = async (): Promise<void> => {
    asked = true;
    const alive = await answersPing(session);
    asked = false;
    if (alive) life.heard();
    else if (!life.isOver) life.close('it went silent');
    changed();
  };
  return () => {
    if (!asked) void ask();
  };
}

function sending(
  session: ClientHttp2Session,
  life: SessionState,
  { prove, changed }: { prove: () => void; changed: () => void },
): Connection['send'] {
  let answeredAt = 0;
  return async (request, timeoutMs) => {
    const sentAt = performance.now();
    const watch = setTimeout(() => void (life.heardAt < sentAt && prove()), SILENCE_MS).unref();
    life.busy += 1;
    const received = await exchange(session, request, timeoutMs, life.heard).catch(neverLeft);
    clearTimeout(watch);
    if (received.status > 0) answeredAt = performance.now();
    life.busy -= 1;
    const reason = life.isOver ? life.reason : 'no answer';
    if (received.ending === 'refused') life.leave('refused');
    // That one answer was slow says nothing; that there was none at all does.
    else if (received.ending === 'timeout' && answeredAt < sentAt) life.leave('it no longer answers');
    else if (life.isOver) life.leave(life.reason);
    else changed();
    return verdict(received, life.lastTaken, reason);
  };
}

const neverLeft = (): Received => ({ status: 0, headers: {}, text: '', streamId: undefined, ending: 'closed' });

function verdict({ status, headers, text, ending, streamId }: Received, lastTaken: number, reason: string): Sent {
  if (status > 0) return { kind: 'answered', status, headers, text };
  const untouched = ending === 'refused' || streamId === undefined || streamId > lastTaken;
  return { kind: untouched ? 'unsent' : 'unanswered', reason: ending === 'closed' ? reason : ending };
}
