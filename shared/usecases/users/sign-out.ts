import { type Clock, type EpochMs, epochMs, SECOND_MS } from '#domain/time.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import { type ForgetReachDeps, forgetReach } from './forget-reach.ts';

export interface RefuseTokensDeps {
  readonly signOuts: SignOutStore;
  readonly clock: Clock;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Has all tokens of a user refused that were issued up to now. Tokens say to the second when they were issued, so
 * `settled` waits for the next one: a token that is minted after it is good.
 */
export async function refuseTokens(
  { signOuts, clock, wait }: RefuseTokensDeps,
  userId: string,
): Promise<{ readonly at: EpochMs; readonly settled: () => Promise<void> }> {
  const now = clock();
  const at = epochMs(now - (now % SECOND_MS) + SECOND_MS);
  await signOuts.record(userId, at);
  return { at, settled: () => wait(Math.max(0, at - clock())) };
}

export interface SignOutDeps extends RefuseTokensDeps, ForgetReachDeps {}

/** Signs a user out everywhere: their tokens are refused, their connections closed, their devices forgotten. */
export const signOut = (deps: SignOutDeps) => {
  const forget = forgetReach(deps);
  return async (userId: string): Promise<void> => {
    const { at, settled } = await refuseTokens(deps, userId);
    await forget(userId, at);
    await settled();
  };
};
