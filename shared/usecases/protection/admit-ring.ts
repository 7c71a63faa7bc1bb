import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Silence } from '#domain/protection/guard.ts';
import { type AskBackendDeps, askBackend } from './ask-backend.ts';
import { type CountRingDeps, countRing, type Uncount, uncounted } from './count-ring.ts';
import { type SilencesDeps, silences } from './silences.ts';

export interface AdmitRingDeps extends CountRingDeps, SilencesDeps, AskBackendDeps {}

/** A ring that may be placed. */
export interface Admission {
  /** Those who may be rung. */
  readonly callees: readonly string[];
  /** Those of the callees who will not hear it, and why. */
  readonly silent: ReadonlyMap<string, Silence>;
  /** To be called if it was refused after all, or rang nobody. */
  readonly withdraw: Uncount;
}

/** For a ring that rings nobody. */
const NOBODY: Admission = { callees: [], silent: new Map(), withdraw: uncounted };

/** Lets a ring through to its callees, or refuses it. */
export const admitRing = (deps: AdmitRingDeps) => {
  const count = countRing(deps);
  const look = silences(deps);
  const ask = askBackend(deps);
  return async (user: UserPrincipal, call: Call, callees: readonly string[]): Promise<Admission> => {
    if (callees.length === 0) return NOBODY;
    const [withdraw, silent] = await Promise.all([count(user, call.cid, callees), look(user.userId, callees)]);
    try {
      return { callees: await ask(user, call, callees), silent, withdraw };
    } catch (error) {
      await withdraw();
      throw error;
    }
  };
};
