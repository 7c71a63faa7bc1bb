import { randomUUID } from 'node:crypto';
import { type Call, isHosted, isPair } from '#domain/call/call.ts';
import { type Change, calleesOf, finishChange, startChange } from '#domain/call/change.ts';
import { decide } from '#domain/call/decide.ts';
import { blockersIn } from '#domain/protection/guard.ts';
import { type Admission, admitRing } from '../protection/admit-ring.ts';
import { assertMayRing } from '../protection/may-ring.ts';
import { type Offer, offerSignal } from '../signalling/offer-signal.ts';
import { type Claim, type Claimed, claimMembers, releaseClaims } from './claim-members.ts';
import type { GetOrCreateCallDeps } from './get-or-create-call.ts';
import { type CallOutcome, newCallOf, type WantedCall } from './new-call.ts';
import { type RingCallDeps, ringCall } from './ring-call.ts';
import { existingInstead, useExistingCall } from './use-existing-call.ts';
import { writeNewCall } from './write-new-call.ts';

export interface PlaceCallDeps extends GetOrCreateCallDeps, RingCallDeps {}

export interface PlaceCall extends WantedCall, Pick<Claim, 'isLater'> {
  readonly offer?: Offer | undefined;
}

/**
 * Creates a call that rings from its first version on. If it exists, those of its members who are still invited are rung. A
 * call that the caller asked for later is not replaced: `Overtaken`.
 */
export const placeCall = (deps: PlaceCallDeps) => {
  const claim = claimMembers(deps);
  const release = releaseClaims(deps);
  const write = writeNewCall(deps);
  const useExisting = useExistingCall(deps);
  const ring = ringCall(deps);
  const instead = existingInstead(deps);

  const ringExisting = async (existing: Call, wanted: PlaceCall): Promise<CallOutcome> => {
    await useExisting(existing, wanted, 'ring');
    const { cid, user, offer, ringMs, hardwareId } = wanted;
    return { kind: 'found', call: await ring({ cid, user, offer, ringMs, hardwareId }) };
  };

  const admit = admitRing(deps);

  const place = async (wanted: PlaceCall, { silent, callees }: Admission) => {
    const { cid, user, isLater } = wanted;
    const call = newCallOf(wanted, deps.rules, { now: deps.clock(), rings: true, blockers: blockersIn(silent) });
    const { busy, endsAt } = call;
    const pair = isPair(call);
    const hosted = isHosted(call);
    const claimed = await claim({
      cid,
      version: 0,
      isNew: true,
      caller: user,
      callees,
      silent,
      pair,
      hosted,
      busy,
      endsAt,
      isLater,
    });
    const offer = offerSignal(call.createdAt, user, wanted.offer);
    const outcome = await write(firstRing(call, callees, { ...claimed, silent }), user, offer);
    return { outcome, fresh: claimed.fresh };
  };

  return async (wanted: PlaceCall): Promise<CallOutcome> => {
    const { user } = wanted;
    assertMayRing(deps, user);
    const existing = await instead(wanted);
    if (existing) return ringExisting(existing, wanted);
    const planned = newCallOf(wanted, deps.rules, { now: deps.clock(), rings: true, blockers: new Set() });
    const admission = await admit(user, planned, calleesOf(planned));
    const { withdraw } = admission;
    const { outcome, fresh } = await place(wanted, admission).catch(async (error: unknown) => {
      await withdraw();
      throw error;
    });
    if (outcome.kind === 'created') return outcome;
    await withdraw();
    // Its ring claims the same, which costs less than to give them up before.
    return ringExisting(outcome.call, wanted).finally(() => release(wanted.cid, fresh));
  };
};

/** The first version of a call that rings at once. */
function firstRing(
  call: Call,
  callees: readonly string[],
  { busy, callerBusyIn, silent }: Claimed & Pick<Admission, 'silent'>,
): Change {
  const placed = callerBusyIn === undefined ? call : { ...call, callerBusyIn };
  const { id: by } = call.createdBy;
  const command = { type: 'ring' as const, by, ringId: randomUUID(), claimed: callees, busy, silent };
  const decision = decide(placed, command, call.createdAt);
  const change = decision.kind === 'changed' ? decision.change : finishChange(startChange(placed, call.createdAt));
  return { ...change, to: { ...change.to, version: call.version } };
}
