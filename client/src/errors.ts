import type { News } from './picture.ts';
import type { ErrorCode } from './wire.ts';

/**
 * Why something could not be done. The codes of the server are those of its documents; the client adds:
 *
 * - `invalid_argument`: what the app passed cannot be right, and nothing was sent; the message names its place, such as
 *   `options.timeoutMs`, or the token says that it is not a user's
 * - `offline`: the server could not be reached in time
 * - `timeout`: the server was reached, but did not answer in time
 * - `not_carillon`: something else answers at that address, or the WebSocket is at another one, which the message names
 * - `token_failed`: the app's own `token` function failed; `cause` is its error
 * - `connection_replaced`: this user has too many connections, and this one was the oldest
 * - `closed`: the client has been closed
 * - `not_subscribed`: the browser allows no Web Push; `cause` is its error
 * - `no_websocket`, `no_webrtc`: this runtime has none
 */
export type CarillonErrorCode =
  | ErrorCode
  | 'invalid_argument'
  | 'offline'
  | 'timeout'
  | 'not_carillon'
  | 'token_failed'
  | 'connection_replaced'
  | 'closed'
  | 'not_subscribed'
  | 'no_websocket'
  | 'no_webrtc';

/** What else is known of an error. */
export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly request_id?: string | undefined;
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly news?: News | undefined;
  readonly cause?: unknown;
}

/** The only kind of error that the client throws and rejects with. */
export class CarillonError extends Error {
  override readonly name = 'CarillonError';
  /** What went wrong, for programs. Later servers may send others: go by `status` then. */
  readonly code: CarillonErrorCode;
  /** The HTTP status of the answer, or the one that belongs to the code; absent if there was no answer. */
  readonly status: number | undefined;
  /** Finds the server's log line of an `internal` error. */
  readonly request_id: string | undefined;
  /** Why a token was refused (`unauthenticated`). */
  readonly reason: string | undefined;
  /** When to try again, in ms (`rate_limited`, `contended`). */
  readonly retryAfterMs: number | undefined;
  /** The call as it is, where the answer shows it (`call_ended`, `glare`). */
  readonly news: News | undefined;

  constructor(code: CarillonErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.request_id = details.request_id;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
    this.news = details.news;
  }
}

/** Marks a promise's failure as seen, so that an app that does not wait for it gets no unhandled rejection. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
