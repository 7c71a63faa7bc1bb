import { type Handset, isIn, isRinging, type Member, memberOf } from '#domain/call/call.ts';
import { endOfRing } from '#domain/call/end-of-ring.ts';
import { isRinger, type Sides, sidesOf } from '#domain/call/sides.ts';
import {
  announcedAt,
  begunAndShown,
  claim,
  hasHeardEnd,
  inheritedBy,
  isEndClaimed,
  isEndHeld,
  isHungUp,
  latestTold,
  mayBeSame,
  mayComeYet,
  type Shown,
  settle,
  type Told,
  tellingOf,
  wasTold,
  withEndHeard,
} from '#domain/shown.ts';
import { type Clock, type EpochMs, epochMs, SECOND_MS } from '#domain/time.ts';
import type { CallEvent, SignalRelayed, StateChanged } from '#ports/call-event.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Notice, RingNotice } from '#ports/notice.ts';
import { type Delivery, isLost, overall, type Peer } from '#ports/peer-link.ts';
import { hears, type PresenceStore } from '#ports/presence-store.ts';
import { changeShown, type PhoneRecordDeps, shownOn } from './change-shown.ts';
import { answerNotice, callOf, candidateNotices, changeNotice, endNotice, endOf, ringNotice } from './notices.ts';

export interface TellHandsetDeps extends PhoneRecordDeps {
  readonly calls: CallStore;
  readonly mailbox: Mailbox;
  readonly presence: PresenceStore;
  readonly clock: Clock;
  /** Posts what a phone hears, in the words of its dialect. */
  readonly say: (peer: Peer, notices: readonly Notice[]) => Promise<Delivery>;
}

/**
 * Tells a phone whose client shows one call at a time and is told no ids. It is told of calls that it can show alone, of a
 * ring once its offer is known, of an answer once the call is accepted, of each once, of candidates never before those, and
 * of an end only if it shows that call.
 */
export const tellHandset = (deps: TellHandsetDeps) => {
  const { calls, mailbox, presence, shownCalls, clock, say } = deps;

  /**
   * Notes that a connection is about to be told something, unless its phone was: then, why it is not. What comes back
   * otherwise is the record of the phone.
   */
  const claimTold = async (peer: Peer, cid: string, what: Told, fits: Fits): Promise<Shown | 'underway' | 'held'> => {
    let outcome: Shown | 'underway' | 'held' = 'held';
    await changeShown(deps, peer, async (shown) => {
      const telling = tellingOf(shown, cid, what, peer, clock());
      const isDue = telling === 'due' && (await fits(shown));
      // Whoever told the end may have crashed before they had others told of that ring.
      const isUnderway =
        telling === 'underway' ||
        (what === 'over' && shown.cid === cid && hasHeardEnd(shown, cid) && othersRing(shown));
      outcome = isDue ? claim(shown, cid, what, peer, clock()) : isUnderway ? 'underway' : 'held';
      return typeof outcome === 'string' ? undefined : outcome;
    });
    return outcome;
  };

  /** Tells something once. What comes back says whether it was told now. */
  const tellOnce = async (
    peer: Peer,
    notice: Notice,
    what: Told,
    fits: Fits = () => true,
  ): Promise<{ readonly delivery: Delivery; readonly isNew: boolean }> => {
    const { cid } = notice.call;
    const claimed = await claimTold(peer, cid, what, fits);
    if (typeof claimed === 'string') return { delivery: claimed, isNew: false };
    // Whoever announces the call says its end right after that.
    if (what === 'over' && isEndHeld(claimed, cid, peer)) return { delivery: 'underway', isNew: false };
    // Whoever ended the ring meanwhile has found nothing to tell, or left it to us.
    const isVain = what === 'ring' && !(await ringsStill(peer, cid));
    const delivery = isVain ? 'held' : await say(peer, [notice]);
    const isSent = delivery === 'sent';
    const before = await changeShown(deps, peer, (shown) => settle(shown, claimed, what, peer, isSent));
    return { delivery: (await followUp(peer, cid, what, before, isSent)) ?? delivery, isNew: isSent };
  };

  /** What there is to tell a phone after that, as its record was before. What comes back is how it went, if there was anything. */
  const followUp = async (
    peer: Peer,
    cid: string,
    what: Told,
    before: Shown | undefined,
    isSent: boolean,
  ): Promise<Delivery | undefined> => {
    if (what === 'over') return isSent && othersRing(before) ? 'more' : undefined;
    // If the end was told meanwhile, instead of being left to us, we took too long: it is told again after what we have announced.
    const isEndDue = before && (isSent ? isEndClaimed : isEndHeld)(before, cid, peer);
    return isEndDue ? sayHeldEnd(peer, cid, before, isSent) : undefined;
  };

  /** Whether others ring the user of a phone that has heard the end of its call: it is to be told of them soon. */
  const othersRing = (before: Shown | undefined): boolean => (before?.othersRingUntil ?? 0) > clock();

  const ringsStill = async ({ userId }: Peer, cid: string): Promise<boolean> => {
    const call = await calls.find(cid);
    const member = call && memberOf(call, userId);
    return member !== undefined && isRinging(member, clock());
  };

  /**
   * The end of a call that came while the call was announced. If that did not arrive, its end is told with it later. What comes
   * back is how it went, if it was said.
   */
  const sayHeldEnd = async (
    peer: Peer,
    cid: string,
    claimed: Shown,
    isAnnounced: boolean,
  ): Promise<Delivery | undefined> => {
    const call = await calls.find(cid);
    const sides = call && sidesOf(call, peer.userId);
    const end = sides && endOf(sides, clock());
    const isSent = isAnnounced && end !== undefined && (await say(peer, [end])) === 'sent';
    const before = await changeShown(deps, peer, (shown) => settle(shown, claimed, 'over', peer, isSent));
    return isSent && othersRing(before) ? 'more' : undefined;
  };

  /**
   * Whether the phone may turn to another call: the one that it shows, `before`, is over. If it was not told so, it is now;
   * how that went if it did not leave, or somebody else is about to.
   */
  const makesWay = async (peer: Peer, cid: string): Promise<Way> => {
    const shown = await shownOn(deps, peer);
    const before = shown.cid;
    if (before === undefined || before === cid || hasHeardEnd(shown, before)) return { way: true, before };
    const call = await calls.find(before);
    const sides = call && sidesOf(call, peer.userId);
    if (!sides) return { way: true, before };
    if (isOn(sides)) return { way: 'held', before };
    const end = endOf(sides, clock()) ?? endNotice(sides, 'completed');
    if (!end || !isToHearEnd(shown, before)) return { way: true, before };
    const isStillShown = async (now: Shown): Promise<boolean> =>
      now.cid === before && !(await hasTurnedAway(peer, now, sides));
    const { delivery } = await tellOnce(peer, end, 'over', isStillShown);
    // The end of a call comes before the next ring, never after it.
    return { way: isLeft(delivery) ? delivery : true, before, isMore: delivery === 'more' };
  };

  /**
   * Whether the phone has turned to another call since, of which it was told or which it began: it would take the end of
   * this one for the end of that. A ring goes on beside a call that is not answered yet, unless it had run out before the
   * phone began that.
   */
  const hasTurnedAway = async (peer: Peer, shown: Shown, { call, member }: Sides): Promise<boolean> => {
    const { began } = shown;
    if (hasHeardOfAnother(shown, call.cid, call.endedAt ?? member.since)) return true;
    const wasHere = isHandsetIn(member.handset, peer);
    if (!began || began.cid === call.cid || (wasHere && began.at < member.since)) return false;
    const other = await calls.find(began.cid);
    const sides = other && sidesOf(other, peer.userId);
    if (!wasHere && rangAt(shown, { call, member }, began.at))
      return sides?.call.status === 'active' && isIn(sides.member);
    // It is being made at this moment, or never will be.
    if (!sides) return mayComeYet(began, clock());
    return wasHere || isOn(sides);
  };

  /** Says candidates unless somebody else has: one that comes while its call is announced is found in the mailbox, too. */
  const sayOnce = async (
    peer: Peer,
    { call: { cid } }: Sides,
    candidates: readonly OneCandidate[],
  ): Promise<Delivery> => {
    const to = { cid, connectionId: peer.id };
    const unsaid = await shownCalls.claimSaid(
      to,
      candidates.map(({ id }) => id),
    );
    const mine = candidates.filter(({ id }) => unsaid.has(id));
    if (mine.length === 0) return 'held';
    const delivery = await say(peer, mine.map(noticeOf));
    if (isLost(delivery)) await shownCalls.unclaimSaid(to, [...unsaid]);
    return delivery;
  };

  /** The candidates that came before what announces their call. */
  const keptCandidates = async (peer: Peer, { call, member }: Sides): Promise<OneCandidate[]> => {
    const kept = await mailbox.read({ cid: call.cid, userId: peer.userId, ringId: member.ringId });
    const sides = sidesOf(call, peer.userId);
    return sides ? kept.flatMap((signal) => candidatesIn(sides, signal)) : [];
  };

  const onSignal = async (peer: Peer, sides: Sides, event: SignalRelayed): Promise<Step> => {
    const ring = ringNotice(sides, event, clock());
    if (ring) return announceRing(peer, sides, ring);
    const answer = answerNotice(sides, event.signal);
    if (answer) return announceAnswer(peer, sides, answer);
    const candidates = candidatesIn(sides, event.signal);
    if (candidates.length === 0) return HELD;
    const at = announcedAt(await shownOn(deps, peer), sides.call.cid, peer);
    if (at === undefined) return HELD;
    const mayBeKept = clock() - at < ANNOUNCING_MS;
    const delivery = mayBeKept ? await sayOnce(peer, sides, candidates) : await say(peer, candidates.map(noticeOf));
    return { delivery, candidates };
  };

  /** Tells of a ring, or of none while the phone shows another call. It tries again only if that one has changed meanwhile. */
  const announceRing = async (peer: Peer, sides: Sides, notice: RingNotice): Promise<Step> => {
    const { cid } = sides.call;
    const { way, before, isMore } = await makesWay(peer, cid);
    if (way === 'held' && !(await waits(peer, notice, before))) return announceRing(peer, sides, notice);
    if (way !== true) return { delivery: way };
    // Of two rings at once, it is told of one.
    let isFree = true;
    const isStillFree = (shown: Shown): boolean => {
      isFree = shown.cid === before || shown.cid === cid;
      return isFree && !wasTold(shown, cid, 'over');
    };
    const { delivery, isNew } = await tellOnce(peer, notice, 'ring', isStillFree);
    if (!isFree) return announceRing(peer, sides, notice);
    return { delivery: withMore(delivery, isMore), ...(isNew && { announced: sides }) };
  };

  /** Notes that a ring waits for the end of the call that the phone shows, `before`. What comes back says whether that goes on. */
  const waits = async (peer: Peer, { expiresAt }: RingNotice, before = ''): Promise<boolean> => {
    const noted = await changeShown(deps, peer, (shown) => {
      if (shown.cid !== before || hasHeardEnd(shown, before)) return undefined;
      return { ...shown, othersRingUntil: epochMs(Math.max(expiresAt, shown.othersRingUntil ?? 0)) };
    });
    return noted !== undefined;
  };

  const announceAnswer = async (peer: Peer, sides: Sides, notice: Notice): Promise<Step> => {
    const { call, member } = sides;
    const fits = async (shown: Shown): Promise<boolean> =>
      isItsCall(shown, call.cid, member, peer) &&
      !wasTold(shown, call.cid, 'over') &&
      !(await hasTurnedAway(peer, shown, sides));
    const { delivery, isNew } = await tellOnce(peer, notice, 'answer', fits);
    return { delivery, ...(isNew && { announced: sides }) };
  };

  /** An answer that came before its accept waits in the mailbox. */
  const onAccepted = async (peer: Peer, sides: Sides): Promise<Step> => {
    const kept = await mailbox.read({ cid: sides.call.cid, userId: peer.userId, ringId: sides.member.ringId });
    const answer = kept.map((signal) => answerNotice(sides, signal)).find((notice) => notice !== undefined);
    return answer ? announceAnswer(peer, sides, answer) : HELD;
  };

  const onChange = async (peer: Peer, sides: Sides, event: StateChanged): Promise<Step> => {
    if (event.type === 'call.accepted' && event.about === sides.other.userId && isRinger(sides)) {
      return onAccepted(peer, sides);
    }
    const { cid } = sides.call;
    // Another connection of the phone that answers hears nothing of it.
    if (event.type === 'call.accepted' && isHandsetIn(sides.member.handset, peer)) return HELD;
    const notice = changeNotice(sides, event);
    if (!notice) return HELD;
    if (event.late) return tellLate(peer, sides, notice, event.late.isElsewhere);
    const isAbout = async (shown: Shown): Promise<boolean> =>
      (wasAnnounced(shown, cid) || isItsCall(shown, cid, sides.member, peer)) &&
      !(await hasTurnedAway(peer, shown, sides));
    if (isCausedBy(peer, event)) return noteKnown(peer, cid, isAbout);
    const told = await tellEnd(peer, notice, isAbout);
    // A push may ring it all the same.
    return told.delivery === 'held' && wasRung(sides, clock()) ? tellLate(peer, sides, notice, false) : told;
  };

  /** Tells a phone of an end, unless it has hung up: then it knows. */
  const tellEnd = async (peer: Peer, notice: Notice, isAbout: Fits): Promise<Step> => {
    const { cid } = notice.call;
    let knows = false;
    const told = await tellOnce(peer, notice, 'over', async (shown) => {
      knows = isHungUp(shown, cid);
      return !knows && isAbout(shown);
    });
    return knows ? noteKnown(peer, cid, isAbout) : told;
  };

  /**
   * A phone that has ended a call knows, whatever it shows by now. Neither is it told later, unless it is about to be told
   * what announces the call.
   */
  const noteKnown = async (peer: Peer, cid: string, fits: Fits): Promise<Step> => {
    const before = await changeShown(deps, peer, async (shown) => {
      if (tellingOf(shown, cid, 'over', peer, clock()) !== 'due' || !(await fits(shown))) return undefined;
      if ((shown.cid ?? shown.began?.cid) !== cid) return withEndHeard({ ...shown, past: cid }, cid);
      const claimed = claim(shown, cid, 'over', peer, clock());
      return isEndHeld(claimed, cid, peer) ? claimed : settle(claimed, claimed, 'over', peer, true);
    });
    return { delivery: othersRing(before) ? 'underway' : 'held' };
  };

  /**
   * Tells a connection that may not have heard of a ring that it is over, unless its phone was told so, has hung up, or shows
   * another call by now. Where its user is in another call, a phone that was not told of the ring is left alone.
   */
  const tellLate = async (peer: Peer, sides: Sides, notice: Notice, isElsewhere: boolean): Promise<Step> => {
    const { cid } = notice.call;
    if (isElsewhere && !wasAnnounced(await shownOn(deps, peer), cid)) return HELD;
    const { way, isMore } = await makesWay(peer, cid);
    if (way !== true) return { delivery: way };
    const isAbout = async (shown: Shown): Promise<boolean> =>
      !isHungUp(shown, cid) && !(await hasTurnedAway(peer, shown, sides));
    const { delivery } = await tellOnce(peer, notice, 'over', isAbout);
    return { delivery: withMore(delivery, isMore) };
  };

  /** It is cancelled then, unless somebody has come meanwhile, so it is not taken for its end. */
  const onUnreachable = async (peer: Peer, sides: Sides): Promise<Step> => {
    const shown = await shownOn(deps, peer);
    if (!isItsCall(shown, sides.call.cid, sides.member, peer)) return HELD;
    const { userId: id } = sides.other;
    return { delivery: await say(peer, [{ type: 'unreachable', call: sides.call, other: { id } }]) };
  };

  /** A connection without an id of its handset goes on for one that is gone. What comes back says whether it has a record now. */
  const inherit = async (peer: Peer): Promise<boolean> => {
    const known = (await shownCalls.list(peer.userId)).filter(
      (shown) => mayBeSame(shown, peer) && shown.connectionId !== peer.id,
    );
    if (known.length === 0) return false;
    const open = new Set((await presence.connections(peer.userId)).map(({ id }) => id));
    const left = known.filter(({ connectionId }) => !open.has(connectionId));
    const latest = left.toSorted((a, b) => latestOf(b) - latestOf(a))[0];
    if (latest) await changeShown(deps, peer, (own) => (own.version === 0 ? inheritedBy(peer, latest) : undefined));
    return latest !== undefined;
  };

  /**
   * Tells a phone of the end of the call that it began, if that came while it was away. By the other `events` of its hello
   * it may talk to somebody else by now, whom it answered over HTTPS.
   */
  const tellMissedEnd = async (peer: Peer, events: readonly CallEvent[]): Promise<Step> => {
    const shown = await shownOn(deps, peer);
    const began = begunAndShown(shown);
    const isTurned = events.some((one) => one.type === 'call.active' && one.isHere && one.call.cid !== began?.cid);
    const call = began && !isTurned && hears(peer, began.cid) ? await calls.find(began.cid) : undefined;
    const sides = call && sidesOf(call, peer.userId);
    if (!sides || isOn(sides)) return HELD;
    // Of a ring and a hang-up that arrived in the same millisecond, the hang-up may be of an earlier call.
    const isAskedFor = sides.call.endedBy === peer.userId && shown.hungUp?.at === began?.at;
    const end = isAskedFor ? undefined : endOf(sides, clock());
    return end ? tellOnce(peer, end, 'over', (now) => begunAndShown(now)?.cid === call?.cid) : HELD;
  };

  /** An app that was started anew has another record, or none. */
  const onConnected = async (peer: Peer, events: readonly CallEvent[]): Promise<Step> => {
    const hasRecord = peer.hardwareId !== undefined || (await inherit(peer));
    return hasRecord ? tellMissedEnd(peer, events) : HELD;
  };

  const onHere = async (peer: Peer, sides: Sides): Promise<Step> => {
    const { cid } = sides.call;
    if (isOnAnother(sides.member.handset, peer)) {
      const end = endOf(sides, clock());
      return end ? tellLate(peer, sides, end, false) : HELD;
    }
    // It may have begun another one meanwhile.
    const { since: at } = sides.member;
    await changeShown(deps, peer, ({ began, ...shown }) =>
      began && (began.cid === cid || began.at > at)
        ? undefined
        : { ...shown, began: { cid, at, to: sides.other.userId } },
    );
    return HELD;
  };

  const step = async (peer: Peer, event: CallEvent, events: readonly CallEvent[]): Promise<Step> => {
    if (event.type === 'user.connected') return onConnected(peer, events);
    if (event.type === 'connection.replaced') return UNTOLD;
    const call = callOf(event);
    const sides = call && sidesOf(call, peer.userId);
    if (!sides) return UNTOLD;
    switch (event.type) {
      case 'signal':
        return onSignal(peer, sides, event);
      case 'call.unreachable':
        return onUnreachable(peer, sides);
      case 'call.active':
        return event.isHere ? onHere(peer, sides) : HELD;
      case 'call.ringing':
      case 'call.ring':
        return HELD;
      case 'call.accepted':
      case 'call.rejected':
      case 'call.cancelled':
      case 'call.missed':
      case 'call.member_added':
      case 'call.member_left':
      case 'call.ended':
        return onChange(peer, sides, event);
    }
  };

  /** Says the candidates that came before what these steps have announced. */
  const sayKept = async (peer: Peer, steps: readonly Step[]): Promise<Delivery> => {
    const said = new Set(steps.flatMap(({ candidates = [] }) => candidates.map(({ id }) => id)));
    for (const announced of steps.flatMap((one) => one.announced ?? [])) {
      const unsaid = (await keptCandidates(peer, announced)).filter(({ id }) => !said.has(id));
      const delivery = unsaid.length === 0 ? 'held' : await sayOnce(peer, announced, unsaid);
      if (isLost(delivery)) return delivery;
    }
    return 'sent';
  };

  return async (peer: Peer, events: readonly CallEvent[]): Promise<Delivery> => {
    const steps: Step[] = [];
    for (const event of events) {
      const done = await step(peer, event, events);
      if (isLost(done.delivery)) return done.delivery;
      steps.push(done);
    }
    const kept = await sayKept(peer, steps);
    if (isLost(kept)) return kept;
    return overall(steps.map(({ delivery }) => delivery));
  };
};

/** Whether the call goes on for this side. */
const isOn = ({ call, member }: Sides): boolean =>
  call.status !== 'ended' && (isIn(member) || member.state === 'ringing');

/** Whether this side was rung not long ago, and heard it. */
const wasRung = ({ call, member }: Sides, now: EpochMs): boolean =>
  member.unheard === undefined && endOfRing(call, member.userId, now) !== undefined;

/** What became of one event. */
interface Step {
  readonly delivery: Delivery;
  /** The call that was announced by it. */
  readonly announced?: Sides;
  /** The candidates that were said. */
  readonly candidates?: readonly OneCandidate[];
}

/** Whether a phone may turn to another call than the one that it shows, `before`. */
interface Way {
  readonly way: true | Delivery;
  readonly before: string | undefined;
  /** Whether the end of that was told now, and others ring besides. */
  readonly isMore?: boolean;
}

/** Whether the phone was not told, and somebody else is about to, or will be. */
const isLeft = (delivery: Delivery): boolean => delivery === 'underway' || isLost(delivery);

/** How it went, if others ring besides. */
const withMore = (delivery: Delivery, isMore = false): Delivery => (isMore && !isLeft(delivery) ? 'more' : delivery);

const HELD: Step = { delivery: 'held' };
const UNTOLD: Step = { delivery: 'untold' };

/** A candidate, and what tells it from others of its call. */
interface OneCandidate {
  readonly id: string;
  readonly notice: Notice;
}

const noticeOf = ({ notice }: OneCandidate): Notice => notice;

const candidatesIn = (sides: Sides, signal: Signal): OneCandidate[] =>
  candidateNotices(sides, signal).map((notice) => ({
    id: `${signal.at} ${JSON.stringify(notice.candidate)}`,
    notice,
  }));

/** Whether that counts, as the record of a phone stands. */
type Fits = (shown: Shown) => boolean | Promise<boolean>;

/** Whoever announces a call has looked into the mailbox by then. */
const ANNOUNCING_MS = 5 * SECOND_MS;

/** Whether a phone was told of another call at `since` or later: of its end alone, that does not count for one that it began. */
const hasHeardOfAnother = (shown: Shown, cid: string, since: EpochMs): boolean => {
  const { ring, answer, over } = shown.told;
  const turning = shown.began?.cid === cid ? [ring, answer] : [ring, answer, over];
  return shown.cid !== undefined && shown.cid !== cid && turning.some((telling) => telling && telling.at >= since);
};

const latestOf = (shown: Shown): number => Math.max(shown.began?.at ?? 0, latestTold(shown));

/** Whether this phone is in the call: it began it, or takes part in it by what the call says. */
function isItsCall({ began }: Shown, cid: string, { handset }: Member, peer: Peer): boolean {
  return began?.cid === cid || isHandsetIn(handset, peer);
}

/** Whether a member takes part by this phone: by its id, else by its connection, else by the token that it has. */
function isHandsetIn(handset: Handset | undefined, peer: Peer): boolean {
  if (!handset) return false;
  const { hardwareId, connectionId, tokenFingerprint } = handset;
  if (hardwareId !== undefined) return hardwareId === peer.hardwareId;
  if (connectionId !== undefined) return connectionId === peer.id;
  return tokenFingerprint === peer.tokenFingerprint;
}

/** Whether a member who rang or answered over HTTPS, by no handset that is known, did so with another token than this phone has. */
const isOnAnother = (handset: Handset | undefined, peer: Peer): boolean =>
  handset !== undefined &&
  handset.hardwareId === undefined &&
  handset.connectionId === undefined &&
  !isHandsetIn(handset, peer);

/** Whether a phone was told what announces a call. */
const wasAnnounced = (shown: Shown, cid: string): boolean =>
  wasTold(shown, cid, 'ring') || wasTold(shown, cid, 'answer');

/** Whether a phone shows a call whose end it is to hear, or somebody is about to tell it the end of one that it never showed. */
const isToHearEnd = (shown: Shown, cid: string): boolean => wasAnnounced(shown, cid) || wasTold(shown, cid, 'over');

/** Whether a phone was told of a ring that had not run out at `at`. */
const rangAt = (shown: Shown, { call, member }: Pick<Sides, 'call' | 'member'>, at: EpochMs): boolean =>
  wasTold(shown, call.cid, 'ring') && at < (member.ringExpiresAt ?? member.since);

/** Whether it was this phone that caused an event. */
function isCausedBy(peer: Peer, { by, on }: StateChanged): boolean {
  if (by?.id !== peer.userId || !on) return false;
  return on.connectionId === peer.id || (on.hardwareId !== undefined && on.hardwareId === peer.hardwareId);
}
