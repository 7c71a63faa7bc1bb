import type { EpochMs } from '#domain/time.ts';

/** Keeps a user busy for one call, so that no other call rings them. */
export interface BusyLock {
  readonly cid: string;
  /** The version of the call that it was claimed for; 0 before there is one. */
  readonly version: number;
  readonly claimedAt: EpochMs;
  /** From this moment it holds nobody. */
  readonly expiresAt: EpochMs;
}

/** A busy lock that somebody wants. */
export interface BusyClaim extends BusyLock {
  /** Names the claim. @default a name that nobody knows, since it is not given up */
  readonly claimedBy?: string;
}

/**
 * Which busy lock: the one of a user, or the one that takes its place towards a caller whom they do not hear. That one keeps
 * nobody busy. It is claimed and released as the other one, so that its caller cannot tell by the clock which of them it is.
 */
export interface BusyLockRef {
  readonly userId: string;
  /** The caller whom they do not hear. */
  readonly unheardBy?: string;
}

/** At most one busy lock for each user, and one for each of their callers whom they do not hear. */
export interface BusyLockStore {
  /**
   * Claims a busy lock for a call: `claimed`, `held` if this call had it already, or the busy lock that is in the way. `over`
   * may be overwritten. Whoever finds it `held` counts on it too, unless they know
   * no version of the call: they may be strangers to it.
   */
  claim(of: BusyLockRef, claim: BusyClaim, over?: BusyLock): Promise<'claimed' | 'held' | BusyLock>;
  /** Makes `userId` busy for a call, whatever kept them busy before. */
  take(userId: string, busyLock: BusyLock): Promise<void>;
  /** Releases a busy lock for which its call has no use since this version, unless it was claimed for that version or a later one. */
  release(of: BusyLockRef, call: Pick<BusyLock, 'cid' | 'version'>): Promise<void>;
  /** Releases a busy lock that was `claimed`, unless another claim has found it `held` since. */
  giveUp(of: BusyLockRef, claimedBy: string): Promise<void>;
}
