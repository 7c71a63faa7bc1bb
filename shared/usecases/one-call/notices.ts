import { type Call, isIn, isRinging, ringerOf } from '#domain/call/call.ts';
import { REPLACED } from '#domain/call/change.ts';
import { endOfRing, endReasonOf } from '#domain/call/end-of-ring.ts';
import { isRinger, personOf, type Sides } from '#domain/call/sides.ts';
import type { EpochMs } from '#domain/time.ts';
import type { CallEvent, SignalRelayed, StateChanged } from '#ports/call-event.ts';
import type { Signal } from '#ports/mailbox.ts';
import type { Candidate, Notice, OverReason, RingNotice } from '#ports/notice.ts';

/** What a phone hears when the offer of its ring is known. */
export function ringNotice(
  sides: Sides,
  { signal }: Pick<SignalRelayed, 'signal'>,
  now: EpochMs,
): RingNotice | undefined {
  const { call, member } = sides;
  if (signal.type !== 'sdp.offer' || !isRinging(member, now) || ringerOf(call, member).id !== signal.from)
    return undefined;
  const expiresAt = member.ringExpiresAt ?? now;
  return { type: 'ring', call, other: personOf(sides, signal.fromName), offer: sdpOf(signal), expiresAt };
}

/** What whoever rang hears when the answer is known and the call is accepted. */
export function answerNotice(sides: Sides, signal: Signal): Notice | undefined {
  const { call, member, other } = sides;
  const isAnswered = call.status === 'active' && isIn(member) && other.state === 'accepted' && isRinger(sides);
  if (signal.type !== 'sdp.answer' || signal.from !== other.userId || !isAnswered) return undefined;
  return { type: 'answer', call, other: personOf(sides, signal.fromName), answer: sdpOf(signal) };
}

const sdpOf = ({ body }: Signal): string => String(body['sdp']);

/** The candidates of a signal, one by one. */
export function candidateNotices(sides: Sides, signal: Signal): Extract<Notice, { type: 'candidate' }>[] {
  if (signal.type !== 'ice.candidate' || signal.from !== sides.other.userId) return [];
  const other = personOf(sides, signal.fromName);
  return candidatesOf(signal).map((candidate) => ({ type: 'candidate', call: sides.call, other, candidate }));
}

function candidatesOf({ body: { candidates, ...one } }: Signal): Candidate[] {
  const listed: readonly unknown[] = Array.isArray(candidates) ? candidates : [];
  const all = 'candidate' in one ? [one, ...listed] : listed;
  return all.map((candidate) => {
    if (typeof candidate !== 'object' || candidate === null) return null;
    const fields = Object.entries(candidate).filter(([, value]) => value !== undefined);
    return 'candidate' in candidate && candidate.candidate === null ? null : Object.fromEntries(fields);
  });
}

/** What a phone hears of a change of its call, as far as it is about that phone. */
export function changeNotice(sides: Sides, event: StateChanged): Notice | undefined {
  const { call, member } = sides;
  const other = personOf(sides);
  const over = (reason: OverReason): Notice => ({ type: 'over', call, other, reason });
  switch (event.type) {
    case 'call.accepted':
      return event.about === member.userId ? over('answered_elsewhere') : undefined;
    case 'call.rejected':
      if (event.about === member.userId) return over('declined_elsewhere');
      return isRinger(sides) ? { type: 'rejected', call, other, reason: event.reason ?? 'decline' } : undefined;
    case 'call.cancelled':
      return over(event.reason === REPLACED ? 'replaced' : 'cancelled');
    case 'call.missed':
      return over('missed');
    case 'call.ended':
      return endNotice(sides, event.reason ?? 'completed');
    case 'call.ring':
    case 'call.member_added':
    case 'call.member_left':
      return undefined;
  }
}

/** What a phone hears at the end of its call: of a rejection, whoever rang alone. */
export function endNotice(sides: Sides, endedReason: string): Notice | undefined {
  const { call, other: them } = sides;
  if (endedReason === 'rejected' && isRinger(sides))
    return { type: 'rejected', call, other: personOf(sides), reason: them.reason ?? 'decline' };
  const reason = OVER_BY_END[endedReason];
  return reason && { type: 'over', call: sides.call, other: personOf(sides), reason };
}

/** What a phone hears of the end of its ring, or of its call; nothing if it has not ended for this side. */
export function endOf(sides: Sides, now: EpochMs): Notice | undefined {
  const { call, member } = sides;
  const end = endOfRing(call, member.userId, now);
  if (end) return changeNotice(sides, { ...end, at: now, call, changed: new Set([member.userId]) });
  return call.status === 'ended' ? endNotice(sides, endReasonOf(call)) : undefined;
}

const OVER_BY_END: Readonly<Record<string, OverReason>> = {
  completed: 'completed',
  cancelled: 'cancelled',
  missed: 'missed',
  replaced: 'replaced',
  failed: 'completed',
};

/** The call that an event is about. */
export const callOf = (event: CallEvent): Call | undefined => ('call' in event ? event.call : undefined);
