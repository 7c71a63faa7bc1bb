import { type Call, isRinging } from '#domain/call/call.ts';
import { isRinger, type Sides } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import { type AcceptCallDeps, acceptCall } from '../calls/accept-call.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import type { PhoneRecordDeps } from '../one-call/change-shown.ts';
import { type ConnectedUser, hasHungUpSince, noteBegun, type PairCallsDeps, pairCalls } from './pair-calls.ts';

export interface AnswerPersonDeps extends AcceptCallDeps, ActOnCallDeps, PairCallsDeps, PhoneRecordDeps {}

export interface AnswerPerson {
  readonly user: ConnectedUser;
  readonly to: string;
  readonly answer: { readonly sdp: string };
  /** When they answered. */
  readonly at: EpochMs;
}

/** Answers whoever rings the user. If their ring is over, the refusal says how. */
export const answerPerson = (deps: AnswerPersonDeps) => {
  const found = pairCalls(deps);
  const accept = acceptCall(deps);
  const act = actOnCall(deps);
  return async ({ user, to, answer, at }: AnswerPerson): Promise<Call> => {
    const theirs = (await found(user)).filter((sides) => isRungBy(sides, to));
    const ringing = theirs.find(({ member }) => isRinging(member, deps.clock())) ?? theirs[0];
    if (!ringing) throw new ServiceError('not_ringing', `${to} is not ringing you`);
    const { cid } = ringing.call;
    const { call } = await accept({ cid, user, answer });
    await noteBegun(deps, user, { cid, at, to });
    if (!(await hasHungUpSince(deps, user, { to, at }))) return call;
    return act({ cid, user, act: { type: 'end' } });
  };
};

/** Whether `userId` rings this side, or rang them. */
export const isRungBy = ({ call, member, other }: Sides, userId: string): boolean =>
  other.userId === userId && isRinger({ call, member: other, other: member });
