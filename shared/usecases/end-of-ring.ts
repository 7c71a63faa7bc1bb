import { type Call, isCaller } from '#domain/call.ts';
import type { StateEvent } from '#domain/effects.ts';
import { type EpochMs, MINUTE_MS } from '#domain/time.ts';

/** How long a phone that wakes too late is told what ended its ring. */
const TOLD_FOR_MS = 2 * MINUTE_MS;

/** The event that ended a callee's ring, where that is not long ago: what a phone gets that connects after it. */
export function endOfRing(call: Call, userId: string, now: EpochMs): Omit<StateEvent, 'to'> | undefined {
  const member = call.members[userId];
  if (!member || isCaller(call, userId) || now - member.since > TOLD_FOR_MS) return undefined;
  switch (member.state) {
    case 'accepted':
      return call.status === 'ended'
        ? { type: 'call.ended', reason: call.endedReason ?? 'completed' }
        : { type: 'call.accepted', by: userId, about: userId };
    case 'rejected':
      return { type: 'call.rejected', by: userId, about: userId, reason: member.reason ?? 'decline' };
    case 'missed':
      return { type: call.endedReason === 'cancelled' ? 'call.cancelled' : 'call.missed' };
    case 'joined':
    case 'invited':
    case 'ringing':
    case 'busy':
    case 'left':
      return undefined;
  }
}
