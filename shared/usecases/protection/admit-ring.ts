import type { UserPrincipal } from '#domain/identity.ts';
import type { Silence } from '#domain/protection/guard.ts';
import { type CountRingDeps, countRing, type Uncount, uncounted } from './count-ring.ts';
import { type SilencesDeps, silences } from './silences.ts';

export interface AdmitRingDeps extends CountRingDeps, SilencesDeps {}

/** A ring that may be placed. */
export interface Admission {
  /** Those of the callees who will not hear it, and why. */
  readonly silent: ReadonlyMap<string, Silence>;
  /** To be called if it was refused after all, or rang nobody. */
  readonly withdraw: Uncount;
}

/** For a ring that rings nobody. */
const NOBODY: Admission = { silent: new Map(), withdraw: uncounted };

/** Lets a ring through to its callees, or refuses it. */
export const admitRing = (deps: AdmitRingDeps) => {
  const count = countRing(deps);
  const look = silences(deps);
  return async (user: UserPrincipal, cid: string, callees: readonly string[]): Promise<Admission> => {
    if (callees.length === 0) return NOBODY;
    const [withdraw, silent] = await Promise.all([count(user, cid, callees), look(user.userId, callees)]);
    return { silent, withdraw };
  };
};
