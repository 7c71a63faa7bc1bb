import type { ClientHttp2Session } from 'node:http2';
import { goawayReason } from './goaway.ts';
import { NO_HTTP2 } from './http1-fallback.ts';

/** What a session has told so far, and how it is ended. Moments are on the clock of `performance.now()`. */
export interface SessionState {
  readonly opened: boolean;
  readonly isOpen: boolean;
  /** Takes no more requests. */
  readonly isOver: boolean;
  /** How many requests may be open at once; one until the other side has told. */
  readonly limit: number;
  /** When something last came from the other side. */
  readonly heardAt: number;
  /** The last stream that the other side acted on before it went away. */
  readonly lastTaken: number;
  /** Why it ended. */
  readonly reason: string;
  /** How many requests are open. */
  busy: number;
  heard(): void;
  close(reason: string): void;
  /** Requests that are open may go on; then it closes. */
  leave(reason: string): void;
}

/** Follows a session from its start; `changed` is called when it has opened, has room, or takes no more requests. */
export function watchSession(session: ClientHttp2Session, changed: () => void): SessionState {
  const told = { opened: false, limit: 1, heardAt: performance.now(), lastTaken: Number.POSITIVE_INFINITY };
  const end = { leaving: false, reason: 'closed' };
  const heard = (): void => {
    told.heardAt = performance.now();
  };
  const leave = (reason: string): void => {
    Object.assign(end, { leaving: true, reason });
    if (life.busy === 0) session.destroy();
    changed();
  };
  session.on('connect', () => {
    if (session.alpnProtocol !== 'h2') return leave(NO_HTTP2);
    told.opened = true;
    heard();
    changed();
  });
  session.on('remoteSettings', ({ maxConcurrentStreams }) => {
    told.limit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
    heard();
    changed();
  });
  session.on('goaway', (code, lastStreamId, data) => {
    told.lastTaken = lastStreamId;
    leave(goawayReason(code, data));
  });
  session.on('error', (error: NodeJS.ErrnoException) => {
    if (!end.leaving) end.reason = error.code ?? error.message;
  });
  session.on('close', changed);
  const life: SessionState = {
    get opened() {
      return told.opened;
    },
    get isOpen() {
      return told.opened && !life.isOver;
    },
    get isOver() {
      return end.leaving || session.closed || session.destroyed;
    },
    get limit() {
      return told.limit;
    },
    get heardAt() {
      return told.heardAt;
    },
    get lastTaken() {
      return told.lastTaken;
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
  return life;
}
