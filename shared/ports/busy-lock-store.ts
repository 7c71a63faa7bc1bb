import type { EpochMs } from '#domain/time.ts';

/** Keeps a user busy for one call, so that no other call rings them. */
export interface BusyLock {
  readonly cid: string;
  readonly claimedAt: EpochMs;
  /** From this moment it holds nobody. */
  readonly expiresAt: EpochMs;
}

/** At most one busy lock for each user. */
export interface BusyLockStore {
  /**
   * Claims `userId` for a call: `claimed`, `held` if this call had them already, or the busy lock that is in the way. `over`
   * may be overwritten.
   */
  claim(userId: string, busyLock: BusyLock, over?: BusyLock): Promise<'claimed' | 'held' | BusyLock>;
  /**
   * Takes as long as a claim, and claims nobody: so a caller cannot tell by the clock that a callee does not hear them. What
   * comes back is what was there before.
   */
  pretend(userId: string, busyLock: BusyLock): Promise<BusyLock | undefined>;
  /** Makes `userId` busy for a call, whatever kept them busy before. */
  take(userId: string, busyLock: BusyLock): Promise<void>;
  /** Frees `userId` if it is this call that holds them. */
  release(userId: string, cid: string): Promise<void>;
}
