import type { PushProvider } from '#domain/push-token/token.ts';
import type { Push, PushOutcome } from './push-sender.ts';

/** One thing that happened and that whoever runs the service counts or times. */
export type Measurement =
  /** A member rings, and their devices have been pushed to. */
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
  /** A push provider refuses everything, by a fault of its configuration; said again each time that it was asked in vain. */
  | {
      readonly type: 'provider_failing';
      readonly provider: PushProvider;
      readonly name: string;
      readonly reason: string;
    }
  /** A push service took a ring, `ms` after its member had begun to ring. */
  | { readonly type: 'ring_taken'; readonly cid: string; readonly provider: PushProvider; readonly ms: number }
  /** Nothing of a callee can ring; `reason` is what the caller was told. */
  | { readonly type: 'callee_unreachable'; readonly cid: string; readonly reason: string }
  /** No more attempts at a stop: the phone rings on until its deadline. */
  | { readonly type: 'stop_failed'; readonly cid: string }
  /** A WebSocket was refused for want of a good token. */
  | { readonly type: 'connection_refused' }
  /** A call changed so often that a request gave up. */
  | { readonly type: 'contended' }
  /** A row of the table could not be read and was left out; `row` says what it was to hold, as its sort key begins. */
  | { readonly type: 'row_unreadable'; readonly row: string }
  /** A request failed for a reason that no client is told. */
  | { readonly type: 'internal_error' };

/** Takes figures; never fails, never waits. */
export interface Meter {
  record(figure: Measurement): void;
}
