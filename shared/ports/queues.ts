import type { Stop } from '#domain/call/effects.ts';
import type { Dialect } from '#domain/dialect.ts';
import type { Principal, TokenKind } from '#domain/identity.ts';
import type { PushToken, Removal } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Signal } from './mailbox.ts';
import type { UserSeat } from './presence-store.ts';
import type { EvictionReason } from './room-link.ts';

/** Work of the ring function: one message for each callee or push token. */
export type RingJob =
  | {
      readonly type: 'ring';
      readonly cid: string;
      readonly userId: string;
      readonly ringId: string;
      /** The offer that came with the ring, for open connections. For all others it waits in the mailbox. */
      readonly offer?: Signal;
    }
  | { readonly type: 'stop'; readonly cid: string; readonly stop: Stop }
  | { readonly type: 'notice'; readonly cid: string; readonly userId: string; readonly ringId: string }
  /** Another attempt at one push token: to ring it, to silence it, or to tell it about a missed call. */
  | (OneDevice & { readonly type: 'retry' })
  | (OneDevice & { readonly type: 'retry-stop'; readonly stop: Pick<Stop, 'type' | 'notify'> })
  | (OneDevice & { readonly type: 'retry-notice' })
  /** A push token that leaves its user while it may ring. Its row is gone by the time that its phone is silenced. */
  | {
      readonly type: 'stop-removed';
      readonly cid: string;
      readonly ringId: string;
      readonly pushToken: PushToken;
      readonly reason: Removal;
      readonly attempt: number;
    };

/** Another attempt at one push token of a ring. */
export interface OneDevice {
  readonly cid: string;
  readonly userId: string;
  readonly ringId: string;
  readonly pushTokenKey: string;
  readonly attempt: number;
}

/** A timer. It decides nothing by itself: when it fires, the call is looked at. */
export type TimerJob =
  | { readonly type: 'deadline'; readonly cid: string; readonly at: EpochMs }
  /** Nothing of a callee can ring, in a call that is cancelled for it. */
  | {
      readonly type: 'unreachable';
      readonly cid: string;
      readonly userId: string;
      readonly ringId: string;
      readonly at: EpochMs;
      /** Set if whoever rings could not be told so: then they are told of the end as anybody else. */
      readonly isUntold?: true | undefined;
    }
  | { readonly type: 'vanish'; readonly cid: string; readonly userId: string; readonly at: EpochMs }
  | CatchUpJob;

/** A connection that could not be posted to just now, and so has missed something of a call. */
export interface CatchUpJob {
  readonly type: 'catch-up';
  readonly cid: string;
  readonly userId: string;
  readonly connectionId: string;
  /** How often it was tried before. */
  readonly attempt: number;
  readonly at: EpochMs;
}

/** A user who is deleted: all that is from before `at` goes. */
export interface EraseJob {
  readonly type: 'erase';
  readonly userId: string;
  readonly at: EpochMs;
}

/** A connection that has just opened and waits for its hello. */
export interface HelloJob {
  readonly connectionId: string;
  readonly attempt: number;
  readonly dialect: Dialect;
  readonly user: {
    readonly userId: string;
    readonly name?: string;
    readonly kind: TokenKind;
    readonly issuedAt?: EpochMs;
    readonly cid?: string;
    readonly hardwareId?: string;
    readonly sessionId?: string;
    readonly tokenFingerprint: string;
  };
  readonly connectedAt: EpochMs;
}

/** A user who may have more connections than they may, counted where they hear of no calls. */
export interface SurplusJob {
  readonly type: 'surplus';
  readonly userId: string;
}

/** Work on a client of Socket.IO that nobody asks for: to greet it, to keep it, and to end what has come to nothing. */
export type SocketJob =
  /** Its WebSocket opens once `$connect` has answered: then it gets the first packet. */
  | { readonly type: 'open'; readonly sid: string; readonly attempt: number }
  | { readonly type: 'hello'; readonly hello: HelloJob }
  /** Sends the ping without which client and gateway would close the socket. */
  | { readonly type: 'ping'; readonly sid: string; readonly socket: string }
  /** Looks whether the client is in a namespace by now. */
  | { readonly type: 'unconnected'; readonly sid: string }
  /** Looks whether a client that began by polling has its WebSocket by now. */
  | { readonly type: 'unupgraded'; readonly sid: string }
  /** Brings fresh credentials before those of its TURN servers expire. */
  | { readonly type: 'ice'; readonly sid: string; readonly userId: string; readonly at: EpochMs };

/** What rooms have to do later. */
export type RoomJob =
  /** A connection has just opened: it is told of its room, and the others of it. */
  | {
      readonly type: 'join';
      readonly roomId: string;
      readonly connectionId: string;
      readonly attempt: number;
      /** The token that it was opened with. */
      readonly token: Pick<Principal, 'kind' | 'issuedAt'>;
    }
  /** A connection has to leave. */
  | {
      readonly type: 'evict';
      readonly userId: string;
      readonly roomId: string;
      readonly connectionId: string;
      readonly why: EvictionReason;
      readonly attempt: number;
    }
  /** The quiet connections of a room have to be written to at `due`. */
  | { readonly type: 'keep_alive'; readonly roomId: string; readonly due: EpochMs };

/** The jobs that close these connections. */
export const evictions = (
  seats: readonly Pick<UserSeat, 'userId' | 'roomId' | 'connectionId'>[],
  why: EvictionReason,
): RoomJob[] =>
  seats.map(({ userId, roomId, connectionId }) => ({ type: 'evict', userId, roomId, connectionId, why, attempt: 0 }));

/** A queue of jobs: they arrive at least once and in any order. `delayMs` is rounded up to whole seconds. */
export interface Queue<Job> {
  send(jobs: readonly Job[], delayMs?: number): Promise<void>;
}
