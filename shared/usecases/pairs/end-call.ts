import type { Call } from '#domain/call/call.ts';
import type { Sides } from '#domain/call/sides.ts';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { type Began, mayComeYet, type Shown } from '#domain/shown.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import type { PhoneRecordDeps } from '../one-call/change-shown.ts';
import {
  beganAt,
  type ConnectedUser,
  isHere,
  isLive,
  isMeant,
  isOfEarlier,
  isStillIn,
  noteHungUp,
  type PairCallsDeps,
  pairCalls,
} from './pair-calls.ts';

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
    const wasMeant = isOfEarlier(pairs, user, shown, { at, ...defined({ to }) });
    const isBy = (began: number): boolean => (wasMeant ? began < at : began <= at);
    const mine = pairs.filter((sides) => isStillIn(sides, shown) && isBy(beganAt(sides, shown)));
    const named = mine.find(({ other }) => other.userId === to);
    if (named) return named;
    // Whoever hangs up means what they began last, which is not there yet.
    const beingMade = begunUnseen(shown, pairs, at);
    if (beingMade && isBy(beingMade.at)) return undefined;
    const here = mine.filter((sides) => isHere(sides, user, shown));
    if (here.length === 1) return here[0];
    const again = pairs.find((sides) => isMeant(sides, user, shown, to) && wasEndedBy(user, sides, at));
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

/** The call that the phone has begun and that is not there yet. */
const begunUnseen = ({ began }: Shown, pairs: readonly Sides[], at: EpochMs): Began | undefined =>
  began && mayComeYet(began, at) && !pairs.some(({ call }) => call.cid === began.cid) ? began : undefined;

/** Whoever asks again, because nobody answered, does so within this time. */
const AGAIN_MS = 30 * SECOND_MS;

/** Whether the user ended that call a moment before. */
const wasEndedBy = ({ userId }: ConnectedUser, { call }: Sides, at: EpochMs): boolean =>
  call.endedBy === userId && call.endedAt !== undefined && at - call.endedAt < AGAIN_MS;
