import type { Call } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import type { Principal } from '#domain/identity.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';

/** The call as it stands now, for one of its members or the app's own backend. */
export const readCall = (deps: LoadCallDeps) => {
  const load = loadCall(deps);
  return async (cid: string, principal: Principal): Promise<Call> =>
    asOf(await load(cid, principal, 'read'), deps.clock());
};
