import { type Call, isRinging } from '#domain/call/call.ts';
import type { Sides } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import { type ActOnCallDeps, actOnCall } from '../calls/act-on-call.ts';
import { isRungBy } from './answer-person.ts';
import { type ConnectedUser, type PairCallsDeps, pairCalls } from './pair-calls.ts';

export interface RejectPersonDeps extends ActOnCallDeps, PairCallsDeps {}

export interface RejectPerson {
  readonly user: ConnectedUser;
  readonly to: string;
  /** When they declined: a ring that began later is another one. */
  readonly at: EpochMs;
}

/** Whoever declined it may have crashed before anybody heard: asked again, that is said again. */
const wasRejected = ({ member }: Sides, i: number): boolean => i === 0 && member.state === 'rejected';

/** Declines the ring of `to`. */
export const rejectPerson = (deps: RejectPersonDeps) => {
  const found = pairCalls(deps);
  const act = actOnCall(deps);
  return async ({ user, to, at }: RejectPerson): Promise<Call> => {
    const theirs = (await found(user)).filter((sides) => isRungBy(sides, to) && sides.member.since <= at);
    const ringing = theirs.find(({ member }) => isRinging(member, deps.clock())) ?? theirs.find(wasRejected);
    if (!ringing) throw new ServiceError('not_ringing', `${to} is not ringing you`);
    const { cid } = ringing.call;
    return act({ cid, user, act: { type: 'reject', reason: 'decline' }, ringId: ringing.member.ringId });
  };
};
