import { type PushToken, tracedToken } from '#domain/push-token/token.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PushLog, PushRecord } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { MAY_RING } from './attempt-ring.ts';
import { plannedRemovalStop, type SendPlannedDeps, sendPlanned } from './planned-push.ts';
import { type Skip, skippedTrace } from './skipped-trace.ts';
import { unsilenced } from './stop-plan.ts';

export interface SilenceRemovedDeps extends SendPlannedDeps {
  readonly calls: CallStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

type RemovedJob = Extract<RingJob, { type: 'stop-removed' }>;

/** Silences the phone of a push token that leaves its user, if the phone took the ring. If it takes the ring later, whoever pushed to it silences it. */
export const silenceRemoved = (deps: SilenceRemovedDeps) => {
  const send = sendPlanned(deps);
  return async (job: RemovedJob, redelivered: boolean): Promise<void> => {
    const { calls, pushLog, traces, clock } = deps;
    const { cid, ringId, pushToken, reason, attempt } = job;
    const ring = { cid, userId: pushToken.userId, ringId };
    const [call, record] = await Promise.all([calls.find(cid), pushLog.markRemoved(ring, pushToken.key)]);
    const claim = { name: `${job.type} ${pushToken.key}`, attempt, redelivered };
    if (!call || !(await pushLog.claimRetry(ring, claim))) return;
    const at = clock();
    const unsent = attempt === 1 ? whyUnsent(pushToken, record) : undefined;
    const trace: TraceEvent[] = attempt === 1 ? [removal(job, at)] : [];
    if (unsent === 'never_rang') return traces.write(cid, trace);
    if (unsent) {
      const skipped = skippedTrace({ at, ring, reason: unsent, pushToken, type: 'call.ended' });
      return traces.write(cid, [...trace, skipped]);
    }
    const planned = plannedRemovalStop({ call, ringId, pushToken }, reason, at);
    return traces.write(cid, [...trace, ...(await send([planned], attempt))]);
  };
};

/** Why a phone whose token leaves is sent no stop. */
const whyUnsent = (pushToken: PushToken, { pushes, stop }: PushRecord): Skip | 'never_rang' | undefined =>
  MAY_RING.has(pushes[pushToken.key]) ? unsilenced(pushToken, stop?.except) : 'never_rang';

/** What the trace says of a token that left during a ring. */
const removal = ({ pushToken, ringId, reason }: RemovedJob, at: TraceEvent['at']): TraceEvent => ({
  at,
  event: 'device.removed',
  userId: pushToken.userId,
  details: { reason, ring_id: ringId, ...tracedToken(pushToken) },
});
