import type { SpokenDialect } from '#domain/dialect.ts';
import type { ErrorCode } from '#domain/errors.ts';
import type { UnauthenticatedReason } from '#domain/identity.ts';
import type { PushProvider } from '#domain/push-token/token.ts';
import type { Push, PushOutcome } from './push-sender.ts';

/** An event that the operator of the service counts or times. */
export type Measurement =
  /** A member rings, and pushes to their phones have been sent. */
  | { readonly type: 'member_rung'; readonly cid: string }
  /** One attempt at a push has ended. */
  | {
      readonly type: 'push_attempted';
      readonly cid: string;
      readonly provider: PushProvider;
      readonly push: Push['kind'];
      /** From 1. */
      readonly attempt: number;
      readonly outcome: PushOutcome;
    }
  /** A push provider refuses everything because of its configuration. It is recorded each time that the provider was asked in vain. */
  | {
      readonly type: 'provider_failing';
      readonly provider: PushProvider;
      readonly name: string;
      readonly reason: string;
    }
  /** A push service took a ring, `ms` after the member had begun to ring. */
  | { readonly type: 'ring_taken'; readonly cid: string; readonly provider: PushProvider; readonly ms: number }
  /** No phone of a callee can ring; `reason` is what the caller was told. */
  | { readonly type: 'callee_unreachable'; readonly cid: string; readonly reason: string }
  /** The last attempt at a stop failed: the phone rings on until its deadline. */
  | { readonly type: 'stop_failed'; readonly cid: string }
  /** A WebSocket was refused because its token was missing or not valid. */
  | { readonly type: 'connection_refused'; readonly dialect: SpokenDialect; readonly reason: UnauthenticatedReason }
  /** The app's backend was asked whether a ring may begin, and took `ms`. */
  | { readonly type: 'ring_hook_asked'; readonly cid: string; readonly ms: number }
  /** It did not answer in time, or not what it should. */
  | { readonly type: 'ring_hook_failed'; readonly cid: string; readonly fault: string }
  /** A connection has opened, in a dialect. */
  | { readonly type: 'connection_opened'; readonly dialect: SpokenDialect }
  /** A client has sent a frame, in a dialect. */
  | { readonly type: 'frame_received'; readonly dialect: SpokenDialect }
  /** What a client sent was refused. */
  | { readonly type: 'frame_refused'; readonly dialect: SpokenDialect; readonly code: ErrorCode }
  /** A call changed so often that a request gave up. */
  | { readonly type: 'contended' }
  /** A row of the table could not be read and was left out; `row` is its kind: the beginning of its sort key. */
  | { readonly type: 'row_unreadable'; readonly row: string }
  /** A request failed for a reason that no client is told. */
  | { readonly type: 'internal_error' };

/** Takes measurements. It never fails and never waits. */
export interface Meter {
  record(measurement: Measurement): void;
}
