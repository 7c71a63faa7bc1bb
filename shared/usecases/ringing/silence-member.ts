import { noticePlan } from '#domain/push-token/ring-plan.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { plannedNotice, plannedStop, type SendPlannedDeps, sendPlanned } from './planned-push.ts';
import { skippedTrace } from './skipped-trace.ts';
import { stopPlan, unsilenced } from './stop-plan.ts';

export interface SilenceMemberDeps extends SendPlannedDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** Silences the phones that took a ring, except for the one that ended it, and tells of a missed call if there is one. */
export const silenceMember = (deps: SilenceMemberDeps) => {
  const send = sendPlanned(deps);
  return async ({ cid, stop }: Extract<RingJob, { type: 'stop' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, pushLog, traces } = deps;
    const { userId, ringId, type, notify, except } = stop;
    const [record, call, { pushTokens }] = await Promise.all([
      pushLog.stop({ cid, userId, ringId }, { type, notify, ...(except && { except }) }),
      calls.find(cid),
      presence.reach(userId),
    ]);
    if (!call || (!record.first && !redelivered)) return;
    const now = deps.clock();
    const plan = stopPlan(record, pushTokens);
    const took = plan.took.map((pushToken) => ({ pushToken, reason: unsilenced(pushToken, except) }));
    const left = took.flatMap(({ pushToken, reason }) =>
      reason === undefined ? [] : [skippedTrace({ at: now, ring: stop, reason, pushToken, type })],
    );
    const silenced = took.filter(({ reason }) => reason === undefined).map(({ pushToken }) => pushToken);
    const notices = notify ? noticePlan(pushTokens, plan.told) : [];
    const planned = [
      ...silenced.map((pushToken) => plannedStop({ call, ringId, pushToken }, { type, notify }, now)),
      ...notices.map((pushToken) => plannedNotice({ call, ringId, pushToken }, now)),
    ];
    await traces.write(cid, [...left, ...(await send(planned, 1))]);
  };
};
