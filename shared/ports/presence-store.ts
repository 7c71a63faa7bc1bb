import type { Dialect } from '#domain/dialect.ts';
import type { TokenKind } from '#domain/identity.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { BusyLock } from './busy-lock-store.ts';

/** One live WebSocket of one user. */
export interface Connection {
  readonly id: string;
  readonly userId: string;
  readonly hardwareId?: string;
  readonly tokenFingerprint: string;
  readonly kind: TokenKind;
  /** The one call that it may hear of. */
  readonly cid?: string;
  readonly dialect: Dialect;
  readonly connectedAt: EpochMs;
}

/** Where a user can be reached. */
export interface Reach {
  readonly connections: readonly Connection[];
  readonly pushTokens: readonly PushToken[];
}

/** What a connection that opens has to be told of. */
export interface Pending {
  /** All connections that the user has, the new one among them. */
  readonly connections: readonly Connection[];
  readonly busyLock?: BusyLock;
  /** Calls of the last minutes, newest first. */
  readonly recentCids: readonly string[];
}

/** Connections, and the reads of all that a user has. */
export interface PresenceStore {
  /** Connections and devices in one strongly consistent read. */
  reach(userId: string): Promise<Reach>;
  /** The user's connections, what engages them, and their calls created after `since`. */
  pending(userId: string, since: EpochMs): Promise<Pending>;
  addConnection(connection: Connection): Promise<void>;
  removeConnection(userId: string, connectionId: string): Promise<void>;
  /** Claims the hello of a connection: `gone` if it has closed, `claimed` if another invocation did so before. */
  claimHello(userId: string, connectionId: string): Promise<'first' | 'claimed' | 'gone'>;
}
