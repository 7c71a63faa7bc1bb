import { type Call, connectionsOf, type Member, memberOf, ringerOf } from '#domain/call/call.ts';
import type { UnreachableReason } from '#ports/call-event.ts';
import type { Meter } from '#ports/meter.ts';
import { isLost, isSent } from '#ports/peer-link.ts';
import type { PushState, RingRef } from '#ports/push-log.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type SendToUserDeps, type Sent, sendToUser } from '../connections/send-to-user.ts';
import { cancelUnreachable } from '../timers/timers.ts';

/** Why none of a callee's phones can ring, if that is certain: `states` say how far the push to each token that could ring is. */
export function unreachableReason(states: readonly (PushState | undefined)[]): UnreachableReason | undefined {
  if (states.length === 0) return 'no_devices';
  if (states.every((state) => state === 'dead')) return 'all_tokens_dead';
  return states.every((state) => state === 'dead' || state === 'refused') ? 'push_rejected' : undefined;
}

/** Whether the phone by which a member rings could not be told, over any of its connections. */
function isUntoldOn(member: Member | undefined, told: readonly Sent[]): boolean {
  const phone = member
    ? connectionsOf(
        member,
        told.map(({ connection }) => connection),
      )
    : [];
  const own = told.filter(({ connection }) => phone.includes(connection));
  return own.some(({ delivery }) => isLost(delivery)) && !own.some(({ delivery }) => isSent(delivery));
}

export interface ReportUnreachableDeps extends SendToUserDeps {
  readonly meter: Meter;
}

/** Tells the caller that a callee cannot be reached, for now. */
export const reportUnreachable = (deps: ReportUnreachableDeps) => {
  const send = sendToUser(deps);
  return async (call: Call, { userId, ringId }: RingRef, reason: UnreachableReason): Promise<TraceEvent[]> => {
    const at = deps.clock();
    deps.meter.record({ type: 'callee_unreachable', cid: call.cid, reason });
    const event = { type: 'call.unreachable' as const, at, cid: call.cid, call, userId, reason };
    const member = memberOf(call, userId);
    const ringer = member ? ringerOf(call, member) : call.createdBy;
    const told = await send({ userId: ringer.id, call, events: [event] });
    const isUntold = isUntoldOn(memberOf(call, ringer.id), told) ? (true as const) : undefined;
    if (call.cancelsIfUnreachable) await cancelUnreachable(deps, { cid: call.cid, userId, ringId, isUntold });
    return [{ at, event: 'call.unreachable', userId, details: { reason, ring_id: ringId } }];
  };
};
