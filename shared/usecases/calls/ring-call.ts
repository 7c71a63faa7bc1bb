import { randomUUID } from 'node:crypto';
import { type Call, isRinging, keepsBusy, memberOf } from '#domain/call/call.ts';
import { inState } from '#domain/call/change.ts';
import { ringable } from '#domain/call/decide.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Signal } from '#ports/mailbox.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type Offer, offerSignal } from '../signalling/offer-signal.ts';
import { ringJob } from './announce.ts';
import { type ChangeCallDeps, changeCall } from './change-call.ts';
import { type ClaimMembersDeps, claimMembers } from './claim-members.ts';
import { replay } from './expire-rings.ts';

export interface RingCallDeps extends ChangeCallDeps, ClaimMembersDeps {}

export interface RingCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** Names this ring, so that a retry rings nobody twice. */
  readonly ringId?: string;
  /** Whom to ring, also if they were rung before; all who are still invited where absent. */
  readonly members?: readonly string[];
  /** How long to ring, in ms, where it is not as the call says. */
  readonly ringMs?: number;
  readonly offer?: Offer;
}

/** Rings members of a call that exists. */
export const ringCall = (deps: RingCallDeps) => {
  const change = changeCall(deps);
  const claim = claimMembers(deps);
  return async ({ cid, user, ringId = randomUUID(), members, ringMs, offer: description }: RingCall): Promise<Call> => {
    const offer = offerSignal(deps, user, description);
    const fresh = new Set<string>();
    const command = async (call: Call) => {
      const callees =
        memberOf(call, user.userId) && call.status !== 'ended' ? ringable(call, user.userId, members) : [];
      const pair = Object.keys(call.members).length === 2;
      const claimed = await claim({ cid, callerId: user.userId, callees, pair, busy: call.busy, endsAt: call.endsAt });
      for (const userId of claimed.fresh) fresh.add(userId);
      return {
        type: 'ring' as const,
        by: user.userId,
        ...(user.name !== undefined && { byName: user.name }),
        ringId,
        busy: claimed.busy,
        ...(members && { members }),
        ...(ringMs !== undefined && { ringMs }),
      };
    };
    const trace: TraceEvent[] = [
      { at: deps.clock(), event: 'ring.requested', userId: user.userId, details: { ring_id: ringId } },
    ];
    try {
      const unchanged = (call: Call) => ringAgain(deps, call, offer);
      const call = await change({ cid, user, action: 'ring', command, unchanged, offer, trace });
      await releaseIdle(deps, call, fresh);
      return call;
    } catch (error) {
      // What was claimed for a ring that is not to be must hold nobody.
      const call = error instanceof ServiceError ? await deps.calls.find(cid) : undefined;
      await releaseIdle(deps, call, fresh, cid);
      throw error;
    }
  };
};

/** Sends out again what rings: where an earlier try has done so, the record of its pushes makes this one do nothing. */
async function ringAgain(deps: RingCallDeps, call: Call, offer: Signal | undefined): Promise<void> {
  const { ringJobs, timers, clock } = deps;
  const now = clock();
  const ringing = Object.values(call.members).filter((member) => isRinging(member, now));
  const deadlines = new Set(ringing.flatMap(({ ringExpiresAt }) => ringExpiresAt ?? []));
  const callees = ringing.map(({ userId }) => userId);
  const busy = inState(call, 'busy');
  await Promise.all([
    replay(deps)(call, busy),
    ringJobs.send(callees.map((userId) => ringJob(call, userId, offer))),
    ...[...deadlines].map((at) => timers.send([{ type: 'deadline', cid: call.cid, at }], at - now)),
  ]);
}

/** Frees those of `userIds` whom the call does not hold after all. */
export const releaseIdle = async (
  deps: RingCallDeps,
  call: Call | undefined,
  userIds: Iterable<string>,
  cid = call?.cid ?? '',
) => {
  const idle = [...userIds].filter((userId) => !call || !keepsBusy(call, userId, deps.clock()));
  await Promise.all(idle.map((userId) => deps.busyLocks.release(userId, cid)));
};
