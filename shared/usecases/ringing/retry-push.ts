import { ringPlan } from '#domain/push-token/ring-plan.ts';
import { handsetKey, type PushToken } from '#domain/push-token/token.ts';
import type { CallStore } from '#ports/call-store.ts';
import { canRing, type PresenceStore, type Reach } from '#ports/presence-store.ts';
import type { PushRecord, PushState } from '#ports/push-log.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { ringPush } from '../push/make-push.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { isStillRinging } from './is-still-ringing.ts';
import { hardwareIdsOf, nextToken } from './next-token.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { type ReportUnreachableDeps, reportUnreachable, unreachableReason } from './report-unreachable.ts';
import { type RingHandsetDeps, ringHandset, type Turn } from './ring-handset.ts';
import { skippedTrace } from './skipped-trace.ts';

export interface RetryPushDeps extends ReportUnreachableDeps, RingHandsetDeps, RingingByAlertDeps, RecordTogetherDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly traces: TraceStore;
}

type RetryJob = Extract<RingJob, { type: 'retry' }>;

/** States in which a token will not ring its handset. */
const SPENT: ReadonlySet<PushState | undefined> = new Set(['dead', 'refused']);

/** Makes another attempt to ring by one push token, or by the next one of its handset if that token has gone, if its member still rings. */
export const retryPush = (deps: RetryPushDeps) => {
  const makePush = ringPush(deps);
  const ringOne = ringHandset(deps);
  const report = reportUnreachable(deps);
  return async (job: RetryJob, redelivered: boolean): Promise<void> => {
    const { calls, presence, traces, pushLog, clock } = deps;
    const { cid, userId, pushTokenKey, attempt } = job;
    const [call, reach, byAlert] = await Promise.all([calls.find(cid), presence.reach(userId), ringingByAlert(deps)]);
    const pushToken = reach.pushTokens.find(({ key }) => key === pushTokenKey);
    if (!call || !isStillRinging(call, job, clock())) {
      await traces.write(cid, [skippedTrace({ at: clock(), ring: job, reason: 'ring_is_over', pushToken })]);
      return;
    }
    const before = await pushLog.claimAttempt(job, { key: pushTokenKey, attempt, redelivered });
    if (!before) return;
    const turn = await turnOf(deps, { job, reach, byAlert, before, redelivered });
    if (!turn) {
      const gone = skippedTrace({ at: clock(), ring: job, reason: 'no_longer_registered' });
      await traces.write(cid, pushToken ? [] : [gone]);
      return;
    }
    const { record, trace } = await ringOne({
      call,
      ring: job,
      tokens: turn.tokens,
      registered: reach.pushTokens,
      turn: { ...turn, push: await makePush(call, turn.pushToken) },
      before: turn.before,
      record: recordTogether(deps, job, 1),
    });
    const listens = reach.connections.some((connection) => canRing(connection, call));
    const reason = record && !listens ? unreachableReason(Object.values(record.pushes)) : undefined;
    await traces.write(cid, [...trace, ...(reason ? await report(call, job, reason) : [])]);
  };
};

interface Retried {
  readonly job: RetryJob;
  readonly reach: Reach;
  readonly byAlert: ReadonlySet<string>;
  readonly before: PushRecord;
  readonly redelivered: boolean;
}

/** The token that is pushed to now, the tokens of its handset, and what is known of their pushes. */
interface RetryTurn extends Omit<Turn, 'push'> {
  readonly tokens: readonly PushToken[];
  readonly before: PushRecord;
}

/** Which token is pushed to: the one that was to be tried again, or the next one of its handset, which is claimed first. */
async function turnOf(
  { pushLog }: RetryPushDeps,
  { job, reach, byAlert, before, redelivered }: Retried,
): Promise<RetryTurn | undefined> {
  const { pushTokenKey: key, attempt } = job;
  const pushToken = reach.pushTokens.find((one) => one.key === key);
  const handset = pushToken ? handsetKey(pushToken) : (before.hardwareIds[key] ?? key);
  const tokens = ringPlan(reach.pushTokens, byAlert).handsets.find(([first]) => handsetKey(first) === handset) ?? [];
  const state = before.pushes[key];
  if (pushToken && !SPENT.has(state)) return { tokens, pushToken, attempt, mayHaveLeft: false, before };
  // By a token that is gone no phone rings, unless one may have rung before it went.
  const told = state === 'unknown' || state === 'refused' ? state : 'dead';
  const record = { ...before, pushes: { ...before.pushes, [key]: told } } satisfies PushRecord;
  const next = nextToken({ tokens, handset, record, alone: redelivered });
  if (!next) return undefined;
  const claimed = await pushLog.record(job, { [key]: told, [next.key]: 'sending' }, hardwareIdsOf([next]));
  const mayHaveLeft = before.pushes[next.key] === 'sending';
  return { tokens, pushToken: next, attempt: 1, mayHaveLeft, before: claimed };
}
