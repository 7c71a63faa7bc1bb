import { noticePlan, ringPlan } from '#domain/push-token/ring-plan.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { plannedNotice, type SendPlannedDeps, sendPlanned } from './planned-push.ts';
import { skippedTrace } from './skipped-trace.ts';

export interface NotifyMemberDeps extends SendPlannedDeps, RingingByAlertDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Tells a member who was not rung of a missed call. */
export const notifyMember = (deps: NotifyMemberDeps) => {
  const send = sendPlanned(deps);
  return async (job: Extract<RingJob, { type: 'notice' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, ringId } = job;
    const { calls, presence, pushLog, traces } = deps;
    const [call, { pushTokens }, byAlert] = await Promise.all([
      calls.find(cid),
      presence.reach(userId),
      ringingByAlert(deps),
    ]);
    if (!call) return;
    if (!(await pushLog.claimNotice({ cid, userId, ringId })) && !redelivered) return;
    const at = deps.clock();
    const notices = noticePlan(pushTokens, NOBODY).map((pushToken) => plannedNotice({ call, ringId, pushToken }, at));
    const skipped = ringPlan(pushTokens, byAlert)
      .handsets.flat()
      .map((pushToken) => skippedTrace({ at, ring: job, reason: 'busy', pushToken }));
    await traces.write(cid, [...skipped, ...(await send(notices, 1))]);
  };
};
