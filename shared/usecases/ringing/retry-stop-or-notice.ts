import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { plannedNotice, plannedStop, type SendPlannedDeps, sendPlanned } from './planned-push.ts';

export interface RetryStopOrNoticeDeps extends SendPlannedDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** Makes another attempt to silence one phone, or to tell it of a missed call. */
export const retryStopOrNotice = (deps: RetryStopOrNoticeDeps) => {
  const send = sendPlanned(deps);
  return async (
    job: Extract<RingJob, { type: 'retry-stop' | 'retry-notice' }>,
    redelivered: boolean,
  ): Promise<void> => {
    const { cid, userId, ringId, pushTokenKey, attempt } = job;
    const { calls, presence, pushLog, traces } = deps;
    const [call, { pushTokens }] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const pushToken = pushTokens.find(({ key }) => key === pushTokenKey);
    if (!call || !pushToken) return;
    if (!(await pushLog.claimRetry(job, { name: `${job.type} ${pushTokenKey}`, attempt, redelivered }))) return;
    const target = { call, ringId, pushToken };
    const now = deps.clock();
    const planned = job.type === 'retry-stop' ? plannedStop(target, job.stop, now) : plannedNotice(target, now);
    await traces.write(cid, await send([planned], attempt));
  };
};
