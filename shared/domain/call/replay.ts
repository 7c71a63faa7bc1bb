import type { EpochMs } from '../time.ts';
import { type Call, type Member, memberOf, ringersOf, userIdsOf } from './call.ts';
import { type Change, inState, REPLACED } from './change.ts';
import type { StateEvent } from './effects.ts';
import { endReasonOf, stopsOf, TOLD_FOR_MS } from './end-of-ring.ts';
import { isBlocked } from './unheard.ts';

/**
 * What was to be heard of the steps that brought `about` to where they stand, where that is not long ago: whoever wrote
 * the last of them may have crashed before anybody heard. Nothing in it is new to who did hear.
 */
export function replayOf(call: Call, about: readonly string[], now: EpochMs): Change {
  const recent = about.flatMap((userId) => {
    const member = memberOf(call, userId);
    return member && now - member.since <= TOLD_FOR_MS ? [member] : [];
  });
  const isAbout = ({ userId }: { readonly userId: string }): boolean => about.includes(userId);
  const others = Object.entries(call.members).filter(([userId]) => !about.includes(userId));
  return {
    from: { ...call, members: Object.fromEntries(others) },
    to: call,
    effects: {
      events: [...recent.flatMap((member) => eventsOf(call, member)), ...missedIn(call, recent), ...endOf(call, now)],
      rings: [],
      stops: stopsOf(call, now).filter(isAbout),
      notices: recent.filter((member) => member.state === 'busy' && !isBlocked(member)).map(({ userId }) => userId),
      lockedBusy: [],
      unlockedBusy: [],
    },
  };
}

function eventsOf(call: Call, { userId, state, reason = 'decline' }: Member): StateEvent[] {
  const told = { to: userIdsOf(call), by: userId, about: userId };
  switch (state) {
    case 'accepted':
      return [{ type: 'call.accepted', ...told }];
    case 'rejected':
      return [{ type: 'call.rejected', ...told, reason }];
    case 'busy':
      return [{ type: 'call.rejected', ...told, to: ringersOf(call, [userId]), reason }];
    case 'left':
      return [{ type: 'call.member_left', ...told }];
    case 'joined':
    case 'invited':
    case 'ringing':
    case 'missed':
      return [];
  }
}

function missedIn(call: Call, recent: readonly Member[]): StateEvent[] {
  const missed = recent.filter(({ state }) => state === 'missed').map(({ userId }) => userId);
  if (missed.length === 0) return [];
  if (call.endedReason !== 'cancelled') {
    return [{ type: 'call.missed', to: [...new Set([...ringersOf(call, missed), ...missed])] }];
  }
  const reason = call.replaced ? { reason: REPLACED } : {};
  return [{ type: 'call.cancelled', to: missed, ...reason, ...(call.endedBy !== undefined && { by: call.endedBy }) }];
}

function endOf(call: Call, now: EpochMs): StateEvent[] {
  const { status, endedAt, endedBy } = call;
  const reason = endReasonOf(call);
  if (status !== 'ended' || endedAt === undefined || now - endedAt > TOLD_FOR_MS) return [];
  return [{ type: 'call.ended', to: userIdsOf(call), reason, ...(endedBy !== undefined && { by: endedBy }) }];
}

/** Whom a command of `by` may have moved: themselves, and where it ended the call those who rang. */
export const movedBy = (call: Call, by: string): string[] => [
  ...new Set([by, ...(call.status === 'ended' ? inState(call, 'missed') : [])]),
];
