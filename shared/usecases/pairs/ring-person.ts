import { randomUUID } from 'node:crypto';
import { type Call, memberOf } from '#domain/call/call.ts';
import { endOfRing } from '#domain/call/end-of-ring.ts';
import { asOf } from '#domain/call/expire.ts';
import { PAIR_TYPE } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import type { CallEvent, SignalRelayed } from '#ports/call-event.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import { Overtaken } from '../calls/claim-members.ts';
import { type PlaceCallDeps, placeCall } from '../calls/place-call.ts';
import { keptSignals } from '../connections/kept-signals.ts';
import type { PhoneRecordDeps } from '../one-call/change-shown.ts';
import type { Offer } from '../signalling/offer-signal.ts';
import { type ConnectedUser, hasHungUp, noteBegun, shownBy, takeBackBegun } from './pair-calls.ts';

export interface RingPersonDeps extends PlaceCallDeps, ActOnCallDeps, PhoneRecordDeps {
  readonly mailbox: Mailbox;
}

export interface RingPerson {
  readonly user: ConnectedUser;
  readonly to: string;
  readonly offer: Offer;
  readonly video: boolean;
  /** When that was asked for. */
  readonly at: EpochMs;
}

/** The function that keeps the offer of a ring, or that makes a connection known, may have to start first. */
const MAX_LOOKS = 20;
const LOOK_AGAIN_MS = 100;
/** Whoever rings the user may ring them anew meanwhile; more often than this they do not. */
const MAX_TRIES = 3;

/**
 * Rings somebody, and nobody else. If they are ringing the user at this moment, that call comes back, and the user's phone
 * is told of it. If the user has hung up meanwhile, nobody is left ringing. Frames run side by side: if their phone rings the
 * same person by a later one already, that call comes back.
 */
export const ringPerson = (deps: RingPersonDeps) => {
  const place = placeCall(deps);
  const act = actOnCall(deps);
  const signals = keptSignals(deps);

  /** What waits for the user. Who does not hear the ring is told by nobody else, so its offer is waited for; nothing, if it does not come. */
  const keptFor = async (call: Call, userId: string): Promise<SignalRelayed[] | undefined> => {
    const isHeard = memberOf(call, userId)?.unheard === undefined;
    for (let looks = MAX_LOOKS; looks > 0; looks -= 1) {
      const kept = await signals(call, userId);
      if (isHeard || kept.some(({ signal }) => signal.type === 'sdp.offer')) return kept;
      await deps.wait(LOOK_AGAIN_MS);
    }
    return undefined;
  };

  const about = (call: Call, { userId }: ConnectedUser) => ({ at: deps.clock(), call, changed: new Set([userId]) });

  /** Tells the phone of the user. Its client knows that it is connected a moment before others do. */
  const tell = async ({ userId, connectionId }: ConnectedUser, events: readonly CallEvent[]): Promise<void> => {
    for (let looks = MAX_LOOKS; looks > 0; looks -= 1) {
      const own = (await deps.presence.connections(userId)).find(({ id }) => id === connectionId);
      if (own) return void (await deps.peers.send(own, events));
      await deps.wait(LOOK_AGAIN_MS);
    }
  };

  /** Tells the phone of the user that the other one is ringing them. What comes back says whether there is an offer to answer. */
  const tellOfTheirs = async (call: Call, user: ConnectedUser): Promise<boolean> => {
    const kept = await keptFor(call, user.userId);
    if (kept) await tell(user, [{ type: 'call.ring', ...about(call, user) }, ...kept]);
    return kept !== undefined;
  };

  /**
   * Whether a call is over of which the phone has not been told: it still waits for the one that it asked for. If another
   * phone of the user has answered it meanwhile, this one is told so.
   */
  const isVain = async ({ cid }: Call, { user, at }: RingPerson): Promise<boolean> => {
    const stored = await deps.calls.find(cid);
    const call = stored && asOf(stored, deps.clock());
    const end = call?.status === 'active' ? endOfRing(call, user.userId, deps.clock()) : undefined;
    if (call && end) await tell(user, [{ ...end, ...about(call, user), late: { isElsewhere: false } }]);
    if (call?.status !== 'ended') return false;
    const { told } = await shownBy(deps, user);
    return Object.values(told).every((telling) => telling.at < at);
  };

  /** Puts the user through to the ring of the other one, for which theirs was `refused`. Nothing comes back if that is over by now. */
  const putThrough = async (theirs: Call, wanted: RingPerson, refused: unknown): Promise<Call | undefined> => {
    const isTold = await tellOfTheirs(theirs, wanted.user);
    if (await isVain(theirs, wanted)) return undefined;
    if (!isTold) throw refused;
    return theirs;
  };

  const ring = async (wanted: RingPerson, tries: number): Promise<Call> => {
    const { user, to, offer, video, at } = wanted;
    const cid = `${PAIR_TYPE}:${randomUUID()}`;
    // Before the call is there: whoever hangs up now finds both, or leaves word.
    const before = await noteBegun(deps, user, { cid, at, to });
    const isLater = async (call: Call): Promise<boolean> => {
      const { began } = await shownBy(deps, user);
      return began?.cid === call.cid && began.at > at;
    };
    const takeBack = (theirs: Call | undefined): Promise<void> => {
      // If they are ringing the user, what the phone asked for before, of the same person, will not come to a call either.
      const isInVain = theirs !== undefined && before?.to === to;
      return takeBackBegun(deps, user, cid, isInVain ? undefined : before);
    };
    const meet = async (error: unknown): Promise<Call> => {
      if (error instanceof Overtaken) return error.call;
      const theirs = theirRing(error);
      if (error instanceof ServiceError) await takeBack(theirs);
      if (!theirs) throw error;
      return (await putThrough(theirs, wanted, error)) ?? (tries > 1 ? ring(wanted, tries - 1) : theirs);
    };
    const members = [{ userId: to }];
    const call = await place({
      cid,
      user,
      members,
      video,
      custom: {},
      offer,
      cancelsIfUnreachable: true,
      isLater,
    }).then((placed) => placed.call, meet);
    if (call.cid !== cid || !(await hasHungUp(deps, user, { cid, to, at }))) return call;
    return act({ cid, user, act: { type: 'end' } });
  };

  return (wanted: RingPerson): Promise<Call> => ring(wanted, MAX_TRIES);
};

/** The call by which the other one is ringing the user, if that is why theirs was refused. */
const theirRing = (error: unknown): Call | undefined =>
  error instanceof ServiceError && error.code === 'glare' ? error.call : undefined;
