import { defined } from '../defined.ts';
import type { ErrorCode } from '../errors.ts';
import type { Silence } from '../protection/guard.ts';
import { type EpochMs, later } from '../time.ts';
import {
  type Call,
  type Handset,
  isCaller,
  isCreator,
  isHosted,
  isIn,
  isPair,
  isRinging,
  isSameHandset,
  type Member,
  memberOf,
  type Person,
  type RejectReason,
  type Unheard,
  userIdsOf,
} from './call.ts';
import {
  addEvent,
  type Change,
  type Draft,
  end,
  endIfOver,
  finishChange,
  inState,
  REPLACED,
  setMember,
  silence,
  startChange,
  updateCall,
} from './change.ts';
import { MAX_MEMBERS, MAX_MEMBERS_IN_EVENT } from './new-call.ts';
import { isBlocked } from './unheard.ts';

/** What somebody, or the clock, wants of a call. */
export type CallCommand =
  | {
      readonly type: 'ring';
      readonly by: string;
      /** `by`, as others are told of them. @default by the id alone */
      readonly ringer?: Person;
      /** The handset that rings: whoever rings is in the call by it. */
      readonly on?: Handset;
      readonly ringId: string;
      /** Whom to ring, even if they were rung before. @default all who are still invited */
      readonly members?: readonly string[];
      /** The members who were claimed for this ring: nobody else is rung, whoever joined meanwhile. @default everybody */
      readonly claimed?: readonly string[];
      /** Those of them who turned out to be in another call. */
      readonly busy: readonly string[];
      /** Those who do not hear this ring, and why. @default everybody hears it */
      readonly silent?: ReadonlyMap<string, Silence>;
      /** How long to ring, in ms, where it is not as the call says. */
      readonly ringMs?: number;
    }
  | {
      readonly type: 'accept';
      readonly by: string;
      readonly on: Handset;
      /** The ring that is answered. @default the latest */
      readonly ringId?: string | undefined;
      /** Whether `on` takes the place of the handset that answered, whose connection is gone. @default false */
      readonly isSuccessor?: boolean;
    }
  | {
      readonly type: 'reject';
      readonly by: string;
      readonly on: Handset;
      readonly reason: RejectReason;
      /** The ring that is declined. @default the latest */
      readonly ringId?: string | undefined;
    }
  | { readonly type: 'cancel'; readonly by: string; readonly on?: Handset }
  | { readonly type: 'leave'; readonly by: string; readonly on?: Handset }
  | { readonly type: 'end'; readonly by: string; readonly on: Handset }
  /** Somebody from outside ends it: an operator. */
  | { readonly type: 'end-from-outside'; readonly by: string }
  /** The same two people ring each other by another call. */
  | { readonly type: 'replace'; readonly by: string }
  | {
      readonly type: 'add';
      readonly by: string;
      readonly members: readonly string[];
      /** Whether the app's own backend asks: it need not have created the call. */
      readonly asServer: boolean;
      /** Those of them who have blocked `by`. @default nobody */
      readonly blockers?: ReadonlySet<string>;
    };

/** What becomes of a command: a change to write, nothing since it is so already, or a refusal. */
export type Decision =
  | { readonly kind: 'changed'; readonly change: Change }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly why: string };

const UNCHANGED: Decision = { kind: 'unchanged' };
const refused = (code: ErrorCode, why: string): Decision => ({ kind: 'refused', code, why });
const callEnded = (): Decision => refused('call_ended', 'the call has ended');

/** Decides `command` on `call` as it stands at `now`; writes nothing. */
export function decide(call: Call, command: CallCommand, now: EpochMs): Decision {
  if (command.type === 'end-from-outside') return endFromOutside(call, command.by, now);
  const member = memberOf(call, command.by);
  if (!member) return refused('not_a_member', `${command.by} is not a member of ${call.cid}`);
  switch (command.type) {
    case 'ring':
      return ring(call, command, now);
    case 'accept':
      return accept(call, member, command, now);
    case 'reject':
      return isCaller(call, command.by) && !isAnswer(member, command.ringId)
        ? cancel(call, command.by, now)
        : reject(call, member, command, now);
    case 'cancel':
      return mayCancel(call, member)
        ? cancel(call, command.by, now)
        : refused('not_allowed', 'only the caller may cancel');
    case 'leave':
      return leave(call, member, command.on, now);
    case 'end':
      return endForAll(call, member, command.on, now);
    case 'replace':
      return replace(call, command.by, now);
    case 'add':
      return add(call, command, now);
  }
}

/**
 * Whether a caller's reject answers a ring of their own instead of cancelling theirs: they may be rung back, or they declined
 * before they rang others and say so again.
 */
const isAnswer = ({ state, ringId: latest }: Member, ringId: string | undefined): boolean =>
  state === 'ringing' || state === 'rejected' || (ringId !== undefined && latest !== undefined);

/** Whoever rang others may cancel, and whoever created the call, unless they are rung themselves. */
const mayCancel = (call: Call, { userId, ringId }: Member): boolean =>
  isCaller(call, userId) || (isCreator(call, userId) && ringId === undefined);

const changed = (call: Call, now: EpochMs, write: (draft: Draft) => void): Decision => {
  const draft = startChange(call, now);
  write(draft);
  return { kind: 'changed', change: finishChange(draft) };
};

/** States from which a member is rung again only by name. */
const RUNG_BY_NAME: ReadonlySet<Member['state']> = new Set(['rejected', 'missed', 'left', 'busy']);

/** The members whom a ring by one of them would reach: those still invited, and others where they are named. */
export const ringable = (call: Call, by: string, named?: readonly string[]): string[] =>
  Object.values(call.members)
    .filter(({ userId, state }) => {
      if (userId === by) return false;
      if (named === undefined) return state === 'invited';
      return named.includes(userId) && (state === 'invited' || RUNG_BY_NAME.has(state));
    })
    .map(({ userId }) => userId);

/**
 * Whoever rings others from outside is in the call from then on, and by the handset that rings; so is who created it in
 * silence. Otherwise an answer would start a call with nobody to talk to.
 */
const joinsByRinging = ({ status }: Call, member: Member, on: Handset | undefined): boolean =>
  isIn(member) ? status === 'created' && on !== undefined : member.state !== 'ringing';

function ring(
  call: Call,
  {
    by,
    ringer: person = { id: by },
    on,
    ringId,
    members,
    claimed,
    busy,
    silent,
    ringMs = call.ringMs,
  }: Extract<CallCommand, { type: 'ring' }>,
  now: EpochMs,
): Decision {
  if (call.status === 'ended') return callEnded();
  const stranger = members?.find((userId) => !memberOf(call, userId));
  if (stranger !== undefined) return refused('not_a_member', `${stranger} is not a member of ${call.cid}`);
  const rung = ringable(call, by, members).filter((userId) => claimed?.includes(userId) ?? true);
  if (call.ringIds.includes(ringId)) return UNCHANGED;
  const ringer = memberOf(call, by);
  if (isPair(call) && ringer && isRinging(ringer, now) && !isBlocked(ringer))
    return refused('glare', 'this user is ringing you');
  if (rung.length === 0) return UNCHANGED;
  const rungBy = isCreator(call, by) ? {} : { rungBy: person };
  return changed(call, now, (draft) => {
    if (ringer && joinsByRinging(call, ringer, on)) setMember(draft, by, 'joined', defined({ handset: on }));
    const ringExpiresAt = later(now, ringMs);
    const first = call.status === 'created';
    updateCall(draft, { ringIds: [...call.ringIds, ringId].slice(-MAX_RING_IDS) });
    if (first) updateCall(draft, { status: 'ringing', ringStartedAt: now });
    if (call.status !== 'active') updateCall(draft, { ringExpiresAt });
    for (const userId of rung) {
      const unheard = unheardAs(memberOf(call, userId), silent?.get(userId));
      const ofRing = { ringId, ...rungBy, ...defined({ unheard }) };
      if (busy.includes(userId)) findBusy(draft, userId, by, ofRing);
      else {
        setMember(draft, userId, 'ringing', { ...ofRing, ringExpiresAt });
        draft.rings.push(userId);
      }
    }
    endIfOver(draft);
  });
}

/** Whoever is in another call is not rung by `by`: they hear of a missed call, unless they have blocked them. */
function findBusy(
  draft: Draft,
  userId: string,
  by: string,
  ofRing: Pick<Member, 'ringId' | 'rungBy' | 'unheard'>,
): void {
  setMember(draft, userId, 'busy', { ...ofRing, reason: 'busy' });
  if (!isBlocked(ofRing)) draft.notices.push(userId);
  addEvent(draft, { type: 'call.rejected', to: [by], by: userId, about: userId, reason: 'busy' });
}

/** How a member's ring is not heard. Whoever was in the call before they blocked its ringer still knows of it. */
function unheardAs(before: Member | undefined, silence: Silence | undefined): Unheard | undefined {
  if (silence !== 'blocked') return silence;
  return before?.unheard === 'blocked_call' ? 'blocked_call' : 'blocked_ring';
}

/** How many past rings a call remembers, so that a retried one changes nothing. */
export const MAX_RING_IDS = 100;

/** An answer to a ring that another one has followed: a late retry must not answer the new one. */
const otherRing = (): Decision => refused('not_ringing', 'this user is not rung by that ring any more');

function accept(
  call: Call,
  member: Member,
  { on, ringId, isSuccessor = false }: Extract<CallCommand, { type: 'accept' }>,
  now: EpochMs,
): Decision {
  const { userId, state } = member;
  if (call.status === 'ended') return callEnded();
  if (ringId !== undefined && ringId !== member.ringId) return otherRing();
  if (state === 'joined') return refused('not_allowed', 'the caller is in the call already');
  if (state === 'accepted') {
    return isSuccessor || (member.handset && isSameHandset(member.handset, on))
      ? UNCHANGED
      : refused('already_answered', 'another device of this user has answered');
  }
  const rings = isRinging(member, now);
  if (!rings && call.status !== 'active') return refused('not_ringing', 'the call does not ring for this user');
  return changed(call, now, (draft) => {
    // Whatever ended their ring before its deadline may have crashed before it silenced the other phones.
    if (now < (member.ringExpiresAt ?? now)) silence(draft, userId, 'call.accepted', { notify: false, except: on });
    moveLocks(draft, userId, rings && member.unheard === undefined);
    setMember(draft, userId, 'accepted', { handset: on });
    if (call.status === 'ringing') updateCall(draft, { status: 'active', acceptedAt: now });
    addEvent(draft, { type: 'call.accepted', to: Object.keys(call.members), by: userId, about: userId });
  });
}

/** Whom the answer of `userId` makes busy. */
function moveLocks({ from: call, lockedBusy, unlockedBusy }: Draft, userId: string, rang: boolean): void {
  if (isHosted(call)) {
    unlockedBusy.push(...userIdsOf(call));
    return;
  }
  if (!rang || call.busy === 'ring') lockedBusy.push(userId);
  // Until now the caller was in another call only; from now on they are in this one.
  if (call.status === 'ringing' && call.callerBusyIn !== undefined) lockedBusy.push(call.createdBy.id);
}

function reject(
  call: Call,
  member: Member,
  {
    on,
    reason,
    ringId,
  }: { readonly on?: Handset | undefined; readonly reason: RejectReason; readonly ringId?: string | undefined },
  now: EpochMs,
): Decision {
  const { userId, state } = member;
  const isLatest = ringId === undefined || ringId === member.ringId;
  if (state === 'rejected' && isLatest) return UNCHANGED;
  if (call.status === 'ended') return callEnded();
  if (!isLatest) return otherRing();
  if (isIn(member)) return refused('already_answered', 'this user is in the call');
  if (!isRinging(member, now)) return refused('not_ringing', 'the call does not ring for this user');
  return changed(call, now, (draft) => {
    silence(draft, userId, 'call.rejected', { notify: false, ...(on && { except: on }) });
    setMember(draft, userId, 'rejected', { reason });
    draft.unlockedBusy.push(userId);
    addEvent(draft, { type: 'call.rejected', to: Object.keys(call.members), by: userId, about: userId, reason });
    endIfOver(draft, userId);
  });
}

function cancel(call: Call, by: string, now: EpochMs): Decision {
  if (call.status === 'ended') return call.endedReason === 'cancelled' && call.endedBy === by ? UNCHANGED : callEnded();
  if (call.status === 'active') return refused('already_answered', 'the call has been answered: leave it or end it');
  return changed(call, now, (draft) => {
    const rung = inState(call, 'ringing');
    if (rung.length > 0) addEvent(draft, { type: 'call.cancelled', to: rung, by });
    end(draft, { reason: 'cancelled', stop: 'call.cancelled', by });
  });
}

function leave(call: Call, member: Member, on: Handset | undefined, now: EpochMs): Decision {
  const { userId, state } = member;
  // A ringing callee's leave is a reject: asked again, it is so already.
  if (state === 'left' || state === 'rejected') return UNCHANGED;
  if (isCaller(call, userId) && call.status !== 'active' && !isRinging(member, now)) {
    return call.endedBy === userId ? UNCHANGED : cancel(call, userId, now);
  }
  if (call.status === 'ended') return callEnded();
  if (isRinging(member, now)) return reject(call, member, { on, reason: 'decline' }, now);
  if (!isIn(member) && state !== 'invited') return UNCHANGED;
  return changed(call, now, (draft) => {
    setMember(draft, userId, 'left');
    draft.unlockedBusy.push(userId);
    addEvent(draft, { type: 'call.member_left', to: Object.keys(call.members), by: userId, about: userId });
    endIfOver(draft, userId);
  });
}

function endForAll(call: Call, member: Member, on: Handset, now: EpochMs): Decision {
  const { userId } = member;
  const isActive = call.status === 'active';
  if (!isCreator(call, userId) && !isPair(call) && (isActive || !isCaller(call, userId))) {
    return refused('not_allowed', 'only the creator of a group call may end it');
  }
  if (call.status === 'ended') return call.endedBy === userId ? UNCHANGED : callEnded();
  if (isActive) {
    return changed(call, now, (draft) => end(draft, { reason: 'completed', stop: 'call.ended', by: userId }));
  }
  return mayCancel(call, member) && !isRinging(member, now) ? cancel(call, userId, now) : leave(call, member, on, now);
}

/** Ends a call of two for the one by which they ring each other now: nobody has missed it. */
function replace(call: Call, by: string, now: EpochMs): Decision {
  return call.status === 'ended' ? UNCHANGED : endAsItStands(call, { by, replaced: true }, now);
}

function endFromOutside(call: Call, by: string, now: EpochMs): Decision {
  if (call.status === 'ended') return call.endedBy === by ? UNCHANGED : callEnded();
  return endAsItStands(call, { by }, now);
}

/** Ends a call that has not ended: a conversation is completed, a ring is cancelled. */
function endAsItStands(call: Call, how: { readonly by: string; readonly replaced?: true }, now: EpochMs): Decision {
  return changed(call, now, (draft) => {
    if (call.status === 'active') {
      end(draft, { reason: 'completed', stop: 'call.ended', ...how });
      return;
    }
    const rung = inState(call, 'ringing');
    const reason = how.replaced && { reason: REPLACED };
    if (rung.length > 0) addEvent(draft, { type: 'call.cancelled', to: rung, by: how.by, ...reason });
    end(draft, { reason: 'cancelled', stop: 'call.cancelled', ...how });
  });
}

function add(
  call: Call,
  { by, members, asServer, blockers }: Extract<CallCommand, { type: 'add' }>,
  now: EpochMs,
): Decision {
  if (!isCreator(call, by) && !asServer) return refused('not_allowed', 'only the creator of the call may add members');
  if (isHosted(call)) return refused('not_allowed', 'a call that a media provider carries is between two people');
  if (call.status === 'ended') return callEnded();
  const added = [...new Set(members)].filter((userId) => !memberOf(call, userId));
  if (added.length === 0) return UNCHANGED;
  if (Object.keys(call.members).length + added.length > MAX_MEMBERS) {
    return refused('too_many_members', `a call has at most ${MAX_MEMBERS} members`);
  }
  return changed(call, now, (draft) => {
    for (const userId of added) {
      setMember(draft, userId, 'invited', blockers?.has(userId) ? { unheard: 'blocked_call' } : {});
    }
    const there = Object.keys(call.members);
    const isCrowd = there.length + added.length > MAX_MEMBERS_IN_EVENT;
    for (const about of added) {
      addEvent(draft, { type: 'call.member_added', to: isCrowd ? [about] : [...there, ...added], by, about });
    }
    // A hundred members are not told of a hundred others one by one: the event of a large call has all who changed.
    const [first] = added;
    if (isCrowd && first !== undefined) addEvent(draft, { type: 'call.member_added', to: there, by, about: first });
  });
}
