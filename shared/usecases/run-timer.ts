import { isCaller, isIn, memberOf } from '#domain/call.ts';
import { ServiceError } from '#domain/errors.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { TimerJob } from '#ports/queues.ts';
import { catchUp, silenceAgain } from './catch-up.ts';
import { type ChangeCallDeps, changeCall } from './change-call.ts';
import { hears } from './tell.ts';

/** A timer fires: late, twice or early, it only looks at the call and does what is due. */
export const runTimer = (deps: ChangeCallDeps) => {
  const settle = catchUp(deps);
  const vanish = vanishMember(deps);
  return async (job: TimerJob, redelivered: boolean): Promise<void> => {
    const early = job.at - deps.clock();
    if (early > 0) {
      await deps.timers.send([job], Math.max(early, SECOND_MS));
      return;
    }
    if (job.type === 'vanish') return vanish(job);
    const call = await settle(await deps.calls.find(job.cid));
    if (call && redelivered) await silenceAgain(deps)(call);
  };
};

/** A member who is in the call and has no connection left has left it; a caller whom nobody has answered has hung up. */
const vanishMember = (deps: ChangeCallDeps) => {
  const change = changeCall(deps);
  return async ({ cid, userId }: Extract<TimerJob, { type: 'vanish' }>): Promise<void> => {
    const [call, { connections }] = await Promise.all([deps.calls.find(cid), deps.presence.reach(userId)]);
    const member = call && memberOf(call, userId);
    if (!call || !member || call.status === 'ended' || connections.some((connection) => hears(connection, cid))) return;
    if (!isIn(member) || (call.status !== 'active' && !isCaller(call, userId))) return;
    const user = { userId, kind: 'login' as const, bearer: 'vanished' };
    try {
      await change({ cid, user, action: 'leave', command: () => ({ type: 'leave', by: userId }), byTimer: true });
    } catch (error) {
      // The call has moved on without them: there is nothing left to leave.
      if (!(error instanceof ServiceError) || error.code === 'contended') throw error;
    }
  };
};
