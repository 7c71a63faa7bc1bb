import { type EpochMs, epochMs } from '../time.ts';
import { type Call, isRinging, type Member, ringersOf } from './call.ts';
import { addEvent, type Change, end, endIfOver, finishChange, setMember, silence, startChange } from './change.ts';

/** What time alone has made of the call by `now`, where that is not written yet: rings that ran out, a call that lasted too long. */
export function expire(call: Call, now: EpochMs): Change | undefined {
  if (call.status === 'ended') return undefined;
  const missed = Object.values(call.members).filter((member) => member.state === 'ringing' && !isRinging(member, now));
  const lastedTooLong = now >= call.endsAt;
  const draft = startChange(call, lastedTooLong ? call.endsAt : dueSince(missed, now));
  for (const { userId } of missed) {
    silence(draft, userId, 'call.missed', { notify: true });
    setMember(draft, userId, 'missed', { reason: 'missed' });
    draft.unlockedBusy.push(userId);
  }
  const userIds = missed.map(({ userId }) => userId);
  if (missed.length > 0)
    addEvent(draft, { type: 'call.missed', to: [...new Set([...ringersOf(call, userIds), ...userIds])] });
  if (lastedTooLong) end(draft, { reason: call.status === 'created' ? 'failed' : 'completed', stop: 'call.ended' });
  else endIfOver(draft);
  return draft.call === call ? undefined : finishChange(draft);
}

/**
 * The call as it stands at `now`, whether or not a timer has written that yet. Its version is the one that is written: an
 * answer that was given in time may still be on its way into the table, and be the next.
 */
export function asOf(call: Call, now: EpochMs): Call {
  const due = expire(call, now);
  return due ? { ...due.to, version: call.version } : call;
}

/** The deadline that decided, so that every reader sees the same moment. */
const dueSince = (missed: readonly Member[], now: EpochMs): EpochMs =>
  missed.length === 0 ? now : epochMs(Math.max(...missed.map(({ ringExpiresAt }) => ringExpiresAt ?? now)));
