import type { EpochMs } from '../time.ts';
import { type Call, isRinging, type Member, memberOf, ringerOf } from './call.ts';
import type { StateEvent } from './effects.ts';

// To everybody else an unheard ring is one that nobody answers: the member's state is what it would be.

/** Whether the member has blocked whoever rings them, or brought them into the call. */
export const isBlocked = ({ unheard }: Pick<Member, 'unheard'>): boolean =>
  unheard === 'blocked_call' || unheard === 'blocked_ring';

/** Whether the member's phones are to ring at `now`. */
export const isHeardRinging = (member: Member, now: EpochMs): boolean =>
  member.unheard === undefined && isRinging(member, now);

/** The caller whom the member does not hear, if there is one. */
export function unheardBy(call: Call, userId: string): string | undefined {
  const member = memberOf(call, userId);
  return member?.unheard === undefined ? undefined : ringerOf(call, member).id;
}

/** Whether `by` rings `userId` in the call at `now`, and they do not hear it. */
export function ringsUnheard(
  call: Call,
  userId: string,
  { by, now }: { readonly by: string; readonly now: EpochMs },
): boolean {
  const member = memberOf(call, userId);
  return member !== undefined && isRinging(member, now) && now < call.endsAt && unheardBy(call, userId) === by;
}

/** Whether there is no such call for this member. */
export const isHidden = (call: Call, userId: string): boolean => memberOf(call, userId)?.unheard === 'blocked_call';

/** Whether `userId` is a member of the call and may know of it. */
export const knowsOf = (call: Call, userId: string): boolean =>
  memberOf(call, userId) !== undefined && !isHidden(call, userId);

/** The members for whom there is such a call. */
export const thoseWhoKnow = (call: Call, userIds: readonly string[]): string[] =>
  userIds.filter((userId) => !isHidden(call, userId));

/** How rings end. */
const OF_RINGS: ReadonlySet<StateEvent['type']> = new Set(['call.missed', 'call.cancelled']);

/** Those of an event's recipients who are told: nobody hears of a ring that they have blocked. */
export const toldOf = (call: Call, { type, to }: StateEvent): string[] =>
  thoseWhoKnow(call, to).filter((userId) => {
    const member = memberOf(call, userId);
    return !(member && isBlocked(member) && OF_RINGS.has(type));
  });

/** States of a member that may be those of a ring which they do not hear. */
const UNHEARD_IN: ReadonlySet<Member['state']> = new Set(['ringing', 'missed', 'busy']);

/** A member as they see themselves: whoever does not hear a ring is not rung. */
export function asSeenByThemselves(member: Member): Member {
  const { userId, role, since, state } = member;
  const hears = member.unheard === undefined || (state !== 'ringing' && !isBlocked(member));
  return hears || !UNHEARD_IN.has(state) ? member : { userId, role, since, state: 'invited' };
}
