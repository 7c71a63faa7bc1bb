import { assertInScope } from '#domain/call/access.ts';
import { type Call, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Principal } from '#domain/identity.ts';
import type { Clock } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';

export interface ReadCallDeps {
  readonly calls: CallStore;
  readonly clock: Clock;
}

/** The call as it stands now, for one of its members or the app's own backend. */
export const readCall =
  ({ calls, clock }: ReadCallDeps) =>
  async (cid: string, caller: Principal): Promise<Call> => {
    assertInScope(caller, cid);
    const stored = await calls.find(cid);
    if (!stored) throw new ServiceError('not_found', `there is no call ${cid}`);
    const { userId } = caller;
    if (caller.kind !== 'server' && (userId === undefined || !memberOf(stored, userId))) {
      throw new ServiceError('not_a_member', `you are not a member of ${cid}`);
    }
    return asOf(stored, clock());
  };
