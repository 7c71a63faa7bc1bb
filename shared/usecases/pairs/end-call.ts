import { type Call, type Handset, isIn, isSameHandset } from '#domain/call/call.ts';
import type { Sides } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import { handsetOf } from '#domain/identity.ts';
import { type Shown, wasTold } from '#domain/shown.ts';
import type { EpochMs } from '#domain/time.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import {
  type Caller,
  isLive,
  noteOnPhone,
  type PairCallsDeps,
  type PhoneRecordDeps,
  pairCalls,
  shownBy,
} from './pair-calls.ts';

export interface EndCallDeps extends ActOnCallDeps, PairCallsDeps, PhoneRecordDeps {}

export interface EndCall {
  readonly user: Caller;
  /** Who they are in the call with. @default whoever it is */
  readonly to?: string | undefined;
  /** When they hung up: a call that began later is another one. */
  readonly at: EpochMs;
}

/**
 * Hangs up: ends the call with `to`, or else the only call that this phone started or answered. Where there is none, nothing
 * happens, but a call that the phone had begun by then and that is not there yet ends as soon as it is.
 */
export const endCall = (deps: EndCallDeps) => {
  const found = pairCalls(deps);
  const act = actOnCall(deps);

  const look = async ({ user, to, at }: EndCall): Promise<Sides | undefined> => {
    const [pairs, shown] = await Promise.all([found(user), shownBy(deps, user)]);
    const mine = pairs.filter((sides) => isLive(sides.call) && isIn(sides.member) && hadBegun(sides, shown, at));
    const named = mine.find(({ other }) => other.userId === to);
    if (named) return named;
    const here = mine.filter((sides) => isHere(sides, shown, handsetOf(user)));
    return here.length === 1 ? here[0] : undefined;
  };

  return async (wanted: EndCall): Promise<Call | undefined> => {
    const { user, at } = wanted;
    let sides = await look(wanted);
    if (!sides) {
      await noteOnPhone(deps, user, { hungUpAt: at });
      sides = await look(wanted);
    }
    if (!sides) return undefined;
    return act({ cid: sides.call.cid, user, act: { type: 'end' } }).catch(unlessOver);
  };
};

/** Somebody else was quicker. */
function unlessOver(error: unknown): undefined {
  if (!(error instanceof ServiceError) || error.code !== 'call_ended') throw error;
}

/** Whether the phone may mean this call: it had begun by then, and the phone was not told that it is over. */
function hadBegun({ call, member }: Sides, shown: Shown, at: EpochMs): boolean {
  if (wasTold(shown, call.cid, 'over')) return false;
  if (shown.began?.cid === call.cid) return shown.began.at <= at;
  return Math.max(call.createdAt, member.since) <= at;
}

const isHere = ({ call, member }: Sides, shown: Shown, on: Handset): boolean =>
  shown.began?.cid === call.cid || (member.handset !== undefined && isSameHandset(member.handset, on));
