import { type ClientHttp2Session, connect } from 'node:http2';
import { exchange, type Received, type Request, type Sent } from './exchange.ts';
import { answersPing } from './ping.ts';
import { type SessionState, watchSession } from './session-state.ts';

/** One connection to a service. */
export interface Connection {
  /** `over`: it takes no more requests, but open ones may still be answered. */
  readonly state: 'opening' | 'open' | 'over';
  readonly opened: boolean;
  /** How many more requests it takes at the moment. */
  readonly free: number;
  /** When the other side was last heard, on the clock of `performance.now()`. */
  readonly heardAt: number;
  /** Why it is over. */
  readonly reason: string;
  /** Finds out whether the other side is still there. If it does not answer within 400 ms, the connection is over. */
  prove(): void;
  send(request: Request, timeoutMs: number): Promise<Sent>;
}

/** Time to reach the service and to agree on keys. */
const OPENING_MS = 1500;
/** Most answers come before this time. If nothing comes, the connection has to prove that it is alive. */
const SILENCE_MS = 300;

/** Opens a connection to `origin`; it keeps no process alive. `changed` is called when it has opened, takes more requests, or is over. */
export function openConnection(origin: string, changed: () => void): Connection {
  const session = connect(origin, { settings: { enablePush: false } });
  session.unref();
  const state = watchSession(session, changed);
  setTimeout(() => state.opened || state.close('it took too long to connect'), OPENING_MS).unref();
  const prove = proving(session, state, changed);
  return {
    get state() {
      if (state.isOver) return 'over';
      return state.opened ? 'open' : 'opening';
    },
    get opened() {
      return state.opened;
    },
    get free() {
      return state.isOpen ? Math.max(0, state.limit - state.busy) : 0;
    },
    get heardAt() {
      return state.heardAt;
    },
    get reason() {
      return state.reason;
    },
    prove,
    send: sending(session, state, { prove, changed }),
  };
}

/** Asks the other side for a sign of life, one question at a time. */
function proving(session: ClientHttp2Session, state: SessionState, changed: () => void): () => void {
  let asked = false;
  const ask = async (): Promise<void> => {
    asked = true;
    const alive = await answersPing(session);
    asked = false;
    if (alive) state.heard();
    else if (!state.isOver) state.close('it went silent');
    changed();
  };
  return () => {
    if (!asked) void ask();
  };
}

function sending(
  session: ClientHttp2Session,
  state: SessionState,
  { prove, changed }: { prove: () => void; changed: () => void },
): Connection['send'] {
  let answeredAt = 0;
  return async (request, timeoutMs) => {
    const sentAt = performance.now();
    const watch = setTimeout(() => void (state.heardAt < sentAt && prove()), SILENCE_MS).unref();
    state.busy += 1;
    const received = await exchange(session, request, { timeoutMs, heard: state.heard }).catch(neverLeft);
    clearTimeout(watch);
    if (received.status > 0) answeredAt = performance.now();
    state.busy -= 1;
    const reason = state.isOver ? state.reason : 'no answer';
    if (received.ending === 'refused') state.leave('refused');
    // One slow answer means nothing. No answer at all means that the connection is dead.
    else if (received.ending === 'timeout' && answeredAt < sentAt) state.leave('it no longer answers');
    else if (state.isOver) state.leave(state.reason);
    else changed();
    return verdict(received, state.lastTaken, reason);
  };
}

const neverLeft = (): Received => ({ status: 0, headers: {}, text: '', streamId: undefined, ending: 'closed' });

function verdict({ status, headers, text, ending, streamId }: Received, lastTaken: number, reason: string): Sent {
  if (status > 0) return { kind: 'answered', status, headers, text };
  const untouched = ending === 'refused' || streamId === undefined || streamId > lastTaken;
  return { kind: untouched ? 'unsent' : 'unanswered', reason: ending === 'closed' ? reason : ending };
}
