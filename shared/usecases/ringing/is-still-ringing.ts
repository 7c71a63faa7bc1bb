import { type Call, isRinging, memberOf } from '#domain/call/call.ts';
import type { EpochMs } from '#domain/time.ts';
import type { RingRef } from '#ports/push-log.ts';

/** Whether the member still rings by this very ring. */
export const isStillRinging = (call: Call, { userId, ringId }: RingRef, now: EpochMs): boolean => {
  const member = memberOf(call, userId);
  return member !== undefined && member.ringId === ringId && isRinging(member, now) && call.status !== 'ended';
};
