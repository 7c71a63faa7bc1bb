import type { EpochMs } from '#domain/time.ts';

/** The call that keeps a user from being rung by another. */
export interface BusyLock {
  readonly cid: string;
  readonly claimedAt: EpochMs;
  /** From then on it holds nobody. */
  readonly expiresAt: EpochMs;
}

/** At most one busyLock a user. */
export interface BusyLockStore {
  /**
   * Claims `userId` for a call: `claimed`, `held` where this call had them already, or the busyLock that stands in the
   * way. `over` may be overwritten.
   */
  claim(userId: string, busyLock: BusyLock, over?: BusyLock): Promise<'claimed' | 'held' | BusyLock>;
  /** Engages `userId` whatever engaged them before. */
  take(userId: string, busyLock: BusyLock): Promise<void>;
  /** Frees `userId` where it is this call that holds them. */
  release(userId: string, cid: string): Promise<void>;
}
