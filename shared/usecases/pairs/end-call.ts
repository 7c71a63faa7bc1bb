import { type Call, type Handset, isIn, isSameHandset } from '#domain/call/call.ts';
import type { Sides } from '#domain/call/sides.ts';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { handsetOf } from '#domain/identity.ts';
import { mayComeYet, type Shown, wasTold } from '#domain/shown.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import type { PhoneRecordDeps } from '../one-call/change-shown.ts';
import { type ConnectedUser, isLive, noteHungUp, type PairCallsDeps, pairCalls } from './pair-calls.ts';

export interface EndCallDeps extends ActOnCallDeps, PairCallsDeps, PhoneRecordDeps {}

export interface EndCall {
  readonly user: ConnectedUser;
  /** Who they are in the call with. @default whoever it is */
  readonly to?: string | undefined;
  /** When they hung up: a call that began later is another one. */
  readonly at: EpochMs;
}

/**
 * Hangs up: ends the call with `to`, or else the only call that this phone started or answered. Where there is none, nothing
 * happens, but a call that the phone had begun by then and that is not there yet ends as soon as it is. Whoever ended that
 * call just now may have crashed before anybody heard: that is said again.
 */
export const endCall = (deps: EndCallDeps) => {
  const found = pairCalls(deps);
  const act = actOnCall(deps);

  const look = async ({ user, to, at }: EndCall, shown: Shown): Promise<Sides | 'over' | undefined> => {
    const pairs = await found(user);
    const live = pairs.filter(({ call, member }) => isLive(call) && isIn(member) && !wasTold(shown, call.cid, 'over'));
    const earlier = live.filter((sides) => beganAt(sides, shown) < at);
    // Clocks go by milliseconds. Of two frames in the same one, the hang-up came first if there was a call that it meant.
    const wasMeant = earlier.length > 0 || pairs.some((sides) => hasEndedSince(sides, to, at));
    const mine = wasMeant ? earlier : live.filter((sides) => beganAt(sides, shown) === at);
    const named = mine.find(({ other }) => other.userId === to);
    if (named) return named;
    // Whoever hangs up means what they began last, which is not there yet.
    if (isBeingMade(shown, pairs, at)) return undefined;
    const isOfPhone = (sides: Sides): boolean => isHere(sides, shown, handsetOf(user));
    const here = mine.filter(isOfPhone);
    if (here.length === 1) return here[0];
    const isMeant = (sides: Sides): boolean => (to === undefined ? isOfPhone(sides) : sides.other.userId === to);
    const [again] = pairs.filter((sides) => isMeant(sides) && wasEndedBy(user, sides, at));
    return again ?? (wasMeant ? 'over' : undefined);
  };

  /** Before the calls are read: one that the phone has begun and that is not among them finds the note. */
  const noteAndLook = async (wanted: EndCall, to: string | undefined): Promise<Sides | 'over' | undefined> => {
    const shown = await noteHungUp(deps, wanted.user, { at: wanted.at, ...defined({ to }) });
    return shown && look(wanted, shown);
  };

  return async (wanted: EndCall): Promise<Call | undefined> => {
    const { user, to } = wanted;
    let sides = await noteAndLook(wanted, to);
    // Nobody is in a call with `to`: whoever it is that the phone is about to be in a call with is meant.
    if (!sides && to !== undefined) sides = await noteAndLook(wanted, undefined);
    if (!sides || sides === 'over') return undefined;
    const call = await act({ cid: sides.call.cid, user, act: { type: 'end' } }).catch(unlessOver);
    return isLive(sides.call) ? call : undefined;
  };
};

/** Somebody else was quicker. */
function unlessOver(error: unknown): undefined {
  if (!(error instanceof ServiceError) || error.code !== 'call_ended') throw error;
}

/** When a call began for this phone: when its user asked for it, if they did that here. */
const beganAt = ({ call, member }: Sides, { began }: Shown): number =>
  began?.cid === call.cid ? began.at : Math.max(call.createdAt, member.since);

/** Whether the phone has begun a call by then that is not there yet. */
const isBeingMade = ({ began }: Shown, pairs: readonly Sides[], at: EpochMs): boolean =>
  began !== undefined && began.at <= at && mayComeYet(began, at) && !pairs.some(({ call }) => call.cid === began.cid);

/** Whether a call with `to` went on at that time and is over by now, so that there is nothing left to hang up. */
const hasEndedSince = ({ call, other }: Sides, to: string | undefined, at: EpochMs): boolean =>
  other.userId === to && call.createdAt < at && call.endedAt !== undefined && call.endedAt >= at;

/** Whoever asks again, because nobody answered, does so within this time. */
const AGAIN_MS = 30 * SECOND_MS;

/** Whether the user ended that call a moment before. */
const wasEndedBy = ({ userId }: ConnectedUser, { call }: Sides, at: EpochMs): boolean =>
  call.endedBy === userId && call.endedAt !== undefined && at - call.endedAt < AGAIN_MS;

const isHere = ({ call, member }: Sides, shown: Shown, on: Handset): boolean =>
  shown.began?.cid === call.cid || (member.handset !== undefined && isSameHandset(member.handset, on));
