import type { EpochMs } from '../time.ts';
import {
  answeredAt,
  type Call,
  type EndedReason,
  isCreator,
  isIn,
  type Member,
  type MemberState,
  memberOf,
  ringersOf,
  userIdsOf,
} from './call.ts';
import type { Effects, StateEvent, Stop, StopType } from './effects.ts';
import { isBlocked } from './unheard.ts';

/** A step from one state of a call to the next, and what the world hears of it once it is written. */
export interface Change {
  readonly from: Call;
  readonly to: Call;
  readonly effects: Effects;
}

/** A change in the making: the functions below write on it, `finishChange` closes it. */
export interface Draft {
  readonly from: Call;
  readonly now: EpochMs;
  call: Call;
  readonly events: StateEvent[];
  readonly rings: string[];
  readonly stops: Stop[];
  readonly notices: string[];
  readonly lockedBusy: string[];
  readonly unlockedBusy: string[];
}

/** Starts a change of `call`. */
export const startChange = (call: Call, now: EpochMs): Draft => ({
  from: call,
  now,
  call,
  events: [],
  rings: [],
  stops: [],
  notices: [],
  lockedBusy: [],
  unlockedBusy: [],
});

/** The finished change; the version counts it. */
export const finishChange = ({ from, call, now: _, ...effects }: Draft): Change => ({
  from,
  to: { ...call, version: from.version + 1 },
  effects,
});

/** Sets fields of the call itself. */
export function updateCall(draft: Draft, fields: Partial<Omit<Call, 'members' | 'version'>>): void {
  draft.call = { ...draft.call, ...fields };
}

/** Puts a member into `state`; what belonged to the state before, but for the ring, goes. */
export function setMember(
  draft: Draft,
  userId: string,
  state: MemberState,
  extra: Partial<Pick<Member, 'reason' | 'ringId' | 'ringExpiresAt' | 'rungBy' | 'handset' | 'unheard'>> = {},
): void {
  const before = memberOf(draft.call, userId);
  const answered = extra.ringId === undefined ? before?.answeredAt : answeredAt(draft.call, userId);
  const member: Member = {
    userId,
    role: before?.role ?? 'user',
    state,
    since: draft.now,
    ...(before?.ringId !== undefined && { ringId: before.ringId }),
    ...(before?.ringExpiresAt !== undefined && { ringExpiresAt: before.ringExpiresAt }),
    // A new ring says itself who rang, and whether it is heard.
    ...(before?.rungBy && extra.ringId === undefined && { rungBy: before.rungBy }),
    ...(before?.unheard && extra.ringId === undefined && state === 'missed' && { unheard: before.unheard }),
    ...(answered !== undefined && { answeredAt: answered }),
    ...extra,
  };
  draft.call = { ...draft.call, members: { ...draft.call.members, [userId]: member } };
}

/** Tells members something, after all that was told before. */
export const addEvent = (draft: Draft, event: StateEvent): void => void draft.events.push(event);

/** Silences the phones of a member who is ringing. */
export function silence(draft: Draft, userId: string, type: StopType, extra: Pick<Stop, 'notify' | 'except'>): void {
  const member = memberOf(draft.call, userId);
  // There is nothing to silence, and nothing to tell, where somebody has blocked the caller.
  if (member?.ringId === undefined || isBlocked(member)) return;
  draft.stops.push({ userId, ringId: member.ringId, type, ...extra });
}

/** Members in `state`. */
export const inState = (call: Call, state: MemberState): string[] =>
  userIdsOf(call).filter((userId) => memberOf(call, userId)?.state === state);

/** Everybody but the creator. */
export const calleesOf = (call: Call): string[] => userIdsOf(call).filter((userId) => !isCreator(call, userId));

/** How a call ends. */
export interface End {
  readonly reason: EndedReason;
  /** What the phones that still ring are told. */
  readonly stop: StopType;
  /** Who ended it; absent if time did. */
  readonly by?: string | undefined;
  /** Whether the same two people ring each other by another call: then nobody has missed this one. @default false */
  readonly replaced?: boolean;
}

/** Ends the call: phones that still ring fall silent and have missed it; everybody hears. */
export function end(draft: Draft, { reason, stop, by, replaced = false }: End): void {
  const ringing = inState(draft.call, 'ringing');
  const who = by === undefined ? {} : { by };
  for (const userId of ringing) {
    silence(draft, userId, stop, { notify: !replaced });
    setMember(draft, userId, 'missed', { reason: stop === 'call.cancelled' ? 'cancelled' : 'missed' });
  }
  if (stop === 'call.ended' && ringing.length > 0) {
    addEvent(draft, { type: 'call.missed', to: [...new Set([...ringersOf(draft.call, ringing), ...ringing])] });
  }
  draft.unlockedBusy.push(...userIdsOf(draft.call).filter((userId) => !draft.unlockedBusy.includes(userId)));
  const fields = { status: 'ended', endedAt: draft.now, endedReason: reason } as const;
  updateCall(draft, { ...fields, ...(by !== undefined && { endedBy: by }), ...(replaced && { replaced }) });
  addEvent(draft, {
    type: 'call.ended',
    to: userIdsOf(draft.call),
    reason: replaced ? REPLACED : reason,
    ...who,
  });
}

/** The reason that the events of a replaced call give. */
export const REPLACED = 'replaced';

/** Ends the call where its members have left it nothing to go on for. */
export function endIfOver(draft: Draft, by?: string): void {
  const { call } = draft;
  if (inState(call, 'ringing').length > 0) return;
  const members = Object.values(call.members);
  if (call.status === 'ringing') {
    const reason = members.some(({ state }) => state === 'missed') ? 'missed' : 'rejected';
    end(draft, { reason, stop: 'call.ended', by });
  } else if (call.status === 'active' && members.filter(isIn).length <= 1) {
    end(draft, { reason: 'completed', stop: 'call.ended', by });
  }
}
