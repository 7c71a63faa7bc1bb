import { type Call, type Member, memberOf, membersOf, type Person, ringerOf } from '../call/call.ts';
import { REPLACED } from '../call/change.ts';
import { defined } from '../defined.ts';
import { type EpochMs, epochMs } from '../time.ts';

/** What the app's backend is told of a call, in the order in which the reports of one change follow each other. */
export const CALL_REPORT_TYPES = [
  'call.created',
  'call.member_added',
  'call.ring',
  'call.accepted',
  'call.rejected',
  'call.cancelled',
  'call.missed',
  'call.member_left',
  'call.ended',
] as const;
export type CallReportType = (typeof CALL_REPORT_TYPES)[number];

/** Something that became of a call, for the app's backend. */
export interface CallReport {
  readonly type: CallReportType;
  readonly at: EpochMs;
  /** The call after the change. */
  readonly call: Call;
  /** The members whom the change was about. */
  readonly changed: ReadonlySet<string>;
  /** Who caused it; absent where a timer did, and where the call does not say. */
  readonly by?: Person;
  /** The member that it is about, if it is about one. */
  readonly about?: string;
  /** The members who are rung, or who have missed the call. */
  readonly callees?: readonly string[];
  readonly reason?: string;
}

/**
 * What became of a call between two of its states in the table, of which the first is absent if the call is new. The call
 * alone says it, so the same two states are always reported alike, however often and wherever that is done.
 */
export function callReports(before: Call | undefined, after: Call): readonly CallReport[] {
  // An id may be used again once the call that had it is no longer kept.
  const known = before?.createdAt === after.createdAt ? before : undefined;
  if (known && known.version >= after.version) return [];
  const entered = membersOf(after).filter((member) => hasChanged(known, member));
  const at = changedAt(known, after, entered);
  const changed = new Set(entered.map(({ userId }) => userId));
  const say = (type: CallReportType, more: Omit<CallReport, 'type' | 'at' | 'call' | 'changed'> = {}): CallReport => ({
    type,
    at,
    call: after,
    changed,
    ...more,
  });
  const into = (...states: readonly Member['state'][]): Member[] =>
    entered.filter(({ state }) => states.includes(state));
  const isOver = after.status === 'ended' && known?.status !== 'ended';
  const added = known ? entered.filter(({ userId }) => memberOf(known, userId) === undefined) : [];
  const rung = into('ringing');
  const [first] = rung;
  const missed = into('missed').filter(({ reason }) => reason !== 'cancelled');
  const endedBy = defined({ by: after.endedBy === undefined ? undefined : personOf(after, after.endedBy) });
  const replaced = after.replaced ? { reason: REPLACED } : {};
  return [
    ...(known ? [] : [say('call.created', { by: after.createdBy })]),
    ...added.map(({ userId }) => say('call.member_added', { by: after.createdBy, about: userId })),
    ...(first ? [say('call.ring', { by: ringerOf(after, first), about: first.userId, callees: idsOf(rung) })] : []),
    ...into('accepted').map(({ userId }) => say('call.accepted', { by: personOf(after, userId), about: userId })),
    ...into('rejected', 'busy').map(({ userId, reason = 'decline' }) =>
      say('call.rejected', { by: personOf(after, userId), about: userId, reason }),
    ),
    ...(isOver && after.endedReason === 'cancelled' ? [say('call.cancelled', { ...endedBy, ...replaced })] : []),
    ...(missed.length > 0 ? [say('call.missed', { callees: idsOf(missed) })] : []),
    ...into('left').map(({ userId }) => say('call.member_left', { by: personOf(after, userId), about: userId })),
    ...(isOver ? [say('call.ended', { ...endedBy, ...defined({ reason: after.endedReason }), ...replaced })] : []),
  ];
}

const idsOf = (members: readonly Member[]): string[] => members.map(({ userId }) => userId);

/** Whether the member came into their state, or was rung, by this change. */
function hasChanged(known: Call | undefined, { userId, state, since, ringId }: Member): boolean {
  const before = known && memberOf(known, userId);
  return !before || before.state !== state || before.since !== since || before.ringId !== ringId;
}

/** The call says of a few people what they are called. */
const personOf = (call: Call, userId: string): Person =>
  [call.createdBy, ...membersOf(call).map((member) => ringerOf(call, member))].find(({ id }) => id === userId) ?? {
    id: userId,
  };

/** When the change was decided. */
function changedAt(known: Call | undefined, after: Call, entered: readonly Member[]): EpochMs {
  if (!known) return after.createdAt;
  if (after.status === 'ended' && known.status !== 'ended' && after.endedAt !== undefined) return after.endedAt;
  return epochMs(Math.max(known.createdAt, ...entered.map(({ since }) => since)));
}
