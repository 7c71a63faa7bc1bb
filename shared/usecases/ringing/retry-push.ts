import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { hears } from '../connections/send-to-user.ts';
import { type RingPushDeps, ringPush } from '../push/make-push.ts';
import { isStillRinging } from './is-still-ringing.ts';
import { type PushRingDeps, pushRing } from './push-ring.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { type ReportUnreachableDeps, reportUnreachable, unreachableReason } from './report-unreachable.ts';
import { skippedTrace } from './skipped-trace.ts';

export interface RetryPushDeps extends ReportUnreachableDeps, RingPushDeps, PushRingDeps, RecordTogetherDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** Makes another attempt to ring by one push token, if its member still rings. */
export const retryPush = (deps: RetryPushDeps) => {
  const makePush = ringPush(deps);
  const push = pushRing(deps);
  const report = reportUnreachable(deps);
  return async (job: Extract<RingJob, { type: 'retry' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, traces, pushLog, clock } = deps;
    const { cid, userId, pushTokenKey, attempt } = job;
    const [call, reach] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const pushToken = reach.pushTokens.find(({ key }) => key === pushTokenKey);
    if (!call || !pushToken || !isStillRinging(call, job, clock())) {
      const reason = pushToken ? 'ring_is_over' : 'no_longer_registered';
      await traces.write(cid, [skippedTrace({ at: clock(), ring: job, reason, pushToken })]);
      return;
    }
    const before = await pushLog.claimAttempt(job, { key: pushTokenKey, attempt, redelivered });
    if (!before) return;
    const { record, trace } = await push({
      call,
      ring: job,
      pushToken,
      push: await makePush(call, pushToken),
      attempt,
      before: before.pushes[pushTokenKey],
      record: recordTogether(deps, job, 1),
    });
    const listens = reach.connections.some((connection) => hears(connection, cid));
    const reason = record && !listens ? unreachableReason(Object.keys(record.pushes), record.pushes) : undefined;
    await traces.write(cid, [...trace, ...(reason ? await report(call, job, reason) : [])]);
  };
};
