import type { Call } from '#domain/call/call.ts';
import { type Dialect, hasWordsFor } from '#domain/dialect.ts';
import type { TokenKind } from '#domain/identity.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, MINUTE_MS } from '#domain/time.ts';
import type { BusyLock } from './busy-lock-store.ts';
import type { Seat } from './room-store.ts';

/** One live WebSocket of one user. */
export interface Connection {
  readonly id: string;
  readonly userId: string;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  readonly tokenFingerprint: string;
  readonly kind: TokenKind;
  /** The one call that it may be told about. */
  readonly cid?: string;
  readonly dialect: Dialect;
  readonly connectedAt: EpochMs;
}

/** Whether a connection may hear of this call: one that was opened for a single call hears of no other. */
export const hears = ({ cid }: Pick<Connection, 'cid'>, about: string): boolean => cid === undefined || cid === about;

/** Whether a user's connection can make its phone ring by this call: it may hear of it, and its dialect has words for it. */
export const canRing = (connection: Connection, call: Call): boolean =>
  hears(connection, call.cid) && hasWordsFor(connection.dialect, call, connection.userId);

/** A connection of a user that is in a room: calls do not reach them there. */
export interface UserSeat extends Seat {
  readonly userId: string;
  readonly connectedAt: EpochMs;
}

/** Where a user can be reached, and what else they have open. */
export interface Reach {
  readonly connections: readonly Connection[];
  readonly seats: readonly UserSeat[];
  readonly pushTokens: readonly PushToken[];
}

/** What a connection has to be told when it opens. */
export interface Pending {
  /** All connections of the user, including the new one. */
  readonly connections: readonly Connection[];
  readonly seats: readonly UserSeat[];
  readonly busyLock?: BusyLock;
  /** Tokens that were issued before are refused. */
  readonly signedOutAt?: EpochMs;
  /** Calls of the last minutes, newest first. */
  readonly recentCids: readonly string[];
}

/** The calls that may concern a user, once each: the one that keeps them busy, and the latest ones, at most `most`. */
export const cidsOf = ({ busyLock, recentCids }: Pending, most = recentCids.length): string[] => [
  ...new Set([...(busyLock ? [busyLock.cid] : []), ...recentCids.slice(0, most)]),
];

/** How many connections a user may have, those in rooms included. */
const MAX_CONNECTIONS = 10;

/** What a user has open. */
export type Open = Pick<Pending, 'connections' | 'seats'>;

/** The oldest connections of a user, if they have more than they may. */
export function surplusOf({ connections, seats }: Open): Open {
  const newestFirst = [...connections, ...seats].toSorted((a, b) => b.connectedAt - a.connectedAt);
  const surplus = new Set<Connection | UserSeat>(newestFirst.slice(MAX_CONNECTIONS));
  return { connections: connections.filter((one) => surplus.has(one)), seats: seats.filter((one) => surplus.has(one)) };
}

/** How far back a call is looked for that may still ring, or has just ended: older ones are over, or hold the busy lock of their user. */
export const RECENT_MS = 6 * MINUTE_MS;
/** Of a user who was rung more often than this in that time, only the latest calls are looked at. */
export const MAX_RECENT = 20;

/** Connections, and what a user can be reached by. */
export interface PresenceStore {
  /** Connections, seats and push tokens in one strongly consistent read. */
  reach(userId: string): Promise<Reach>;
  /** Connections alone, in one strongly consistent read. */
  connections(userId: string): Promise<readonly Connection[]>;
  /** The user's connections and seats, their busy lock, and their calls created after `since`. */
  pending(userId: string, since: EpochMs): Promise<Pending>;
  addConnection(connection: Connection): Promise<void>;
  removeConnection(userId: string, connectionId: string): Promise<void>;
  addSeat(seat: UserSeat): Promise<void>;
  removeSeat(userId: string, connectionId: string): Promise<void>;
  /** Claims the hello of a connection: `gone` if it has closed, `claimed` if another invocation did so before. */
  claimHello(userId: string, connectionId: string): Promise<'first' | 'claimed' | 'gone'>;
}
