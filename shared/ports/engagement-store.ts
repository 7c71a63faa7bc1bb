import type { EpochMs } from '#domain/time.ts';

/** The call that keeps a user from being rung by another. */
export interface Engagement {
  readonly cid: string;
  readonly claimedAt: EpochMs;
  /** From then on it holds nobody. */
  readonly expiresAt: EpochMs;
}

/** At most one engagement a user. */
export interface EngagementStore {
  /**
   * Claims `userId` for a call: `claimed`, `held` where this call had them already, or the engagement that stands in the
   * way. `over` may be overwritten.
   */
  claim(userId: string, engagement: Engagement, over?: Engagement): Promise<'claimed' | 'held' | Engagement>;
  /** Engages `userId` whatever engaged them before. */
  take(userId: string, engagement: Engagement): Promise<void>;
  /** Frees `userId` where it is this call that holds them. */
  release(userId: string, cid: string): Promise<void>;
}
