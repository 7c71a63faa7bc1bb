import { type Call, isRinging } from '#domain/call/call.ts';
import { isRinger, type Sides } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Shown } from '#domain/shown.ts';
import type { EpochMs } from '#domain/time.ts';
import { type AcceptCallDeps, acceptCall } from '../calls/accept-call.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import type { PhoneRecordDeps } from '../one-call/change-shown.ts';
import { type ConnectedUser, hasHungUp, noteBegun, type PairCallsDeps, pairCalls, shownBy } from './pair-calls.ts';

export interface AnswerPersonDeps extends AcceptCallDeps, ActOnCallDeps, PairCallsDeps, PhoneRecordDeps {}

export interface AnswerPerson {
  readonly user: ConnectedUser;
  readonly to: string;
  readonly answer: { readonly sdp: string };
  /** When they answered. */
  readonly at: EpochMs;
}

/**
 * Answers whoever rings the user: by the call that this phone was told of last, if that is one of theirs, since it has the
 * offer of no other. If their ring is over, the refusal says how.
 */
export const answerPerson = (deps: AnswerPersonDeps) => {
  const found = pairCalls(deps);
  const accept = acceptCall(deps);
  const act = actOnCall(deps);
  return async ({ user, to, answer, at }: AnswerPerson): Promise<Call> => {
    const [pairs, shown] = await Promise.all([found(user), shownBy(deps, user)]);
    const now = deps.clock();
    const all = pairs.filter((sides) => isRungBy(sides, to));
    const theirs = all.filter((sides) => !(isRinging(sides.member, now) && isAfter(at, sides, shown, all.length > 1)));
    const meant =
      theirs.find(({ call }) => call.cid === shown.cid) ??
      theirs.find(({ member }) => isRinging(member, now)) ??
      theirs[0];
    if (!meant) throw new ServiceError('not_ringing', `${to} is not ringing you`);
    const { cid } = meant.call;
    const { call } = await accept({ cid, user, answer });
    await noteBegun(deps, user, { cid, at, to });
    if (!(await hasHungUp(deps, user, { cid, to, at }))) return call;
    return act({ cid, user, act: { type: 'end' } });
  };
};

/**
 * Whether a ring began, or the phone was told of it, only after `at`. That the phone was told of their only ring just now may be
 * since it reconnects.
 */
const isAfter = (at: EpochMs, { call, member }: Sides, { cid, told }: Shown, hasOthers: boolean): boolean =>
  member.since > at || (hasOthers && call.cid === cid && told.ring !== undefined && told.ring.at > at);

/** Whether `userId` rings this side, or rang them. */
export const isRungBy = ({ call, member, other }: Sides, userId: string): boolean =>
  other.userId === userId && isRinger({ call, member: other, other: member });
