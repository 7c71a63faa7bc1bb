import { assertInScope, authorize, type CallAction } from '#domain/call/access.ts';
import type { Call } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Principal } from '#domain/identity.ts';
import type { Clock } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';

export interface LoadCallDeps {
  readonly calls: CallStore;
  readonly clock: Clock;
}

/** What to do if there is no such call: it may be about to be made. */
type IfMissing = (cid: string) => Promise<Call | undefined>;

/** The call as it was last written, for a principal who may do `action` with it as it stands now. */
export const loadCall =
  ({ calls, clock }: LoadCallDeps, ifMissing: IfMissing = async () => undefined) =>
  async (cid: string, principal: Principal, action: CallAction): Promise<Call> => {
    assertInScope(principal, cid);
    const stored = (await calls.find(cid)) ?? (await ifMissing(cid));
    if (!stored) throw new ServiceError('not_found', `there is no call ${cid}`);
    authorize(principal, action, asOf(stored, clock()));
    return stored;
  };
