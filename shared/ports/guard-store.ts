import type { Guard, Preferences } from '#domain/protection/guard.ts';
import type { EpochMs } from '#domain/time.ts';

/** A user whom somebody has blocked. */
export interface Block {
  readonly userId: string;
  readonly createdAt: EpochMs;
}

/** What users let through: whom they have blocked, and when they want to be left alone. */
export interface GuardStore {
  /** The guard of each of `userIds` against `caller`. It may be some moments behind. */
  against(caller: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Guard>>;
  /** False if `userId` has blocked as many as they may. */
  block(userId: string, block: Block): Promise<boolean>;
  unblock(userId: string, other: string): Promise<void>;
  blocks(userId: string): Promise<Block[]>;
  preferences(userId: string): Promise<Preferences>;
  setPreferences(userId: string, preferences: Preferences): Promise<void>;
}
