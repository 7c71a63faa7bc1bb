import { type EpochMs, MINUTE_MS } from '../time.ts';
import { type Call, type Member, memberOf } from './call.ts';
import { REPLACED } from './change.ts';
import type { StateEvent, Stop, StopType } from './effects.ts';
import { isBlocked } from './unheard.ts';

/** How long a phone that wakes too late is told what ended its ring. */
export const TOLD_FOR_MS = 2 * MINUTE_MS;

/** What ended the ring of a callee, where that is not long ago. */
function endedBy(call: Call, member: Member, now: EpochMs): StopType | undefined {
  if (now - member.since > TOLD_FOR_MS || isBlocked(member)) return undefined;
  switch (member.state) {
    case 'accepted':
      return 'call.accepted';
    case 'rejected':
      return 'call.rejected';
    case 'missed':
      return call.endedReason === 'cancelled' ? 'call.cancelled' : 'call.missed';
    case 'joined':
    case 'left':
      // Whoever has left after an answer, or rings others by now, was rung before.
      return member.ringId === undefined ? undefined : 'call.accepted';
    case 'invited':
    case 'ringing':
    case 'busy':
      return undefined;
  }
}

/** The event for a phone that connects after its ring: what ended it, or that the call it led to is over. */
export function endOfRing(call: Call, userId: string, now: EpochMs): Omit<StateEvent, 'to' | 'by'> | undefined {
  const member = memberOf(call, userId);
  const type = member && endedBy(call, member, now);
  switch (type) {
    case undefined:
      return undefined;
    case 'call.accepted':
      if (call.status !== 'ended') return { type, about: userId };
      return { type: 'call.ended', reason: endReasonOf(call) };
    case 'call.rejected':
      return { type, about: userId, reason: member?.reason ?? 'decline' };
    case 'call.cancelled':
      return call.replaced ? { type, reason: REPLACED } : { type };
    case 'call.missed':
    case 'call.ended':
      return { type };
  }
}

/** The reason that the event of the end gives. */
export const endReasonOf = ({ replaced, endedReason = 'completed' }: Call): string =>
  replaced ? REPLACED : endedReason;

/** The stops of all rings of a call that ended not long ago: where one is lost, it can be sent again. */
export const stopsOf = (call: Call, now: EpochMs): Stop[] =>
  Object.values(call.members).flatMap((member) => {
    const { userId, ringId, state, handset } = member;
    const type = endedBy(call, member, now);
    if (type === undefined || ringId === undefined) return [];
    return [
      { userId, ringId, type, notify: state === 'missed' && !call.replaced, ...(handset && { except: handset }) },
    ];
  });
