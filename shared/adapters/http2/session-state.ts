import type { ClientHttp2Session } from 'node:http2';
import { goawayReason } from './goaway.ts';
import { NO_HTTP2 } from './http1-fallback.ts';

/** What is known about a session, and how to end it. Moments are on the clock of `performance.now()`. */
export interface SessionState {
  readonly opened: boolean;
  readonly isOpen: boolean;
  /** Takes no more requests. */
  readonly isOver: boolean;
  /** How many requests may be open at once: one, until the other side has said. */
  readonly limit: number;
  /** When the other side was last heard. */
  readonly heardAt: number;
  /** The last stream that the other side acted on before it went away. */
  readonly lastTaken: number;
  /** Why it ended. */
  readonly reason: string;
  /** How many requests are open. */
  busy: number;
  heard(): void;
  close(reason: string): void;
  /** Lets open requests finish, and then closes. */
  leave(reason: string): void;
}

/** Follows a session from its start. `changed` is called when it has opened, takes more requests, or takes no more. */
export function watchSession(session: ClientHttp2Session, changed: () => void): SessionState {
  const known = { opened: false, limit: 1, heardAt: performance.now(), lastTaken: Number.POSITIVE_INFINITY };
  const end = { leaving: false, reason: 'closed' };
  const heard = (): void => {
    known.heardAt = performance.now();
  };
  const leave = (reason: string): void => {
    Object.assign(end, { leaving: true, reason });
    if (state.busy === 0) session.destroy();
    changed();
  };
  session.on('connect', () => {
    if (session.alpnProtocol !== 'h2') return leave(NO_HTTP2);
    known.opened = true;
    heard();
    changed();
  });
  session.on('remoteSettings', ({ maxConcurrentStreams }) => {
    known.limit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
    heard();
    changed();
  });
  session.on('goaway', (code, lastStreamId, data) => {
    known.lastTaken = lastStreamId;
    leave(goawayReason(code, data));
  });
  session.on('error', (error: NodeJS.ErrnoException) => {
    if (!end.leaving) end.reason = error.code ?? error.message;
  });
  session.on('close', changed);
  const state: SessionState = {
    get opened() {
      return known.opened;
    },
    get isOpen() {
      return known.opened && !state.isOver;
    },
    get isOver() {
      return end.leaving || session.closed || session.destroyed;
    },
    get limit() {
      return known.limit;
    },
    get heardAt() {
      return known.heardAt;
    },
    get lastTaken() {
      return known.lastTaken;
    },
    get reason() {
      return end.reason;
    },
    busy: 0,
    heard,
    close(reason) {
      leave(reason);
      session.destroy();
    },
    leave,
  };
  return state;
}
