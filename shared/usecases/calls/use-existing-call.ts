import { assertInScope, authorize, type CallAction } from '#domain/call/access.ts';
import { type Call, isCaller, userIdsOf } from '#domain/call/call.ts';
import { TOLD_FOR_MS } from '#domain/call/end-of-ring.ts';
import { ServiceError } from '#domain/errors.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { type ExpireRingsDeps, expireRings } from './expire-rings.ts';
import { type WantedCall, whyNotNew } from './new-call.ts';

export interface UseExistingCallDeps extends ExpireRingsDeps {
  readonly calls: CallStore;
  readonly history: HistoryStore;
}

/** The call that has a cid already, for a user who may do `action` with it, unless it has ended. */
export const useExistingCall = (deps: UseExistingCallDeps) => {
  const expired = expireRings(deps);
  return async (stored: Call, { user }: WantedCall, action: CallAction): Promise<Call> => {
    const call = (await expired(stored)) ?? stored;
    authorize(user, action, call);
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    // Whoever wrote it may have crashed before it was in anybody's history.
    if (isCaller(call, user.userId) && deps.clock() - call.createdAt <= TOLD_FOR_MS) {
      await deps.history.add(call, userIdsOf(call));
    }
    return call;
  };
};

/** The call that has the cid already, if no call can be made of what is wanted; whoever asks for no call that exists either is told why. */
export const existingInstead =
  ({ calls }: Pick<UseExistingCallDeps, 'calls'>) =>
  async (wanted: WantedCall): Promise<Call | undefined> => {
    assertInScope(wanted.user, wanted.cid);
    const fault = whyNotNew(wanted);
    if (!fault) return undefined;
    const existing = await calls.find(wanted.cid);
    if (!existing) throw fault;
    return existing;
  };
