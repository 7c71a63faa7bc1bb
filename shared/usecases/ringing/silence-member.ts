import type { Call, Handset } from '#domain/call/call.ts';
import { isOn, noticePlan, ringPlan } from '#domain/push-token/ring-plan.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog, PushRecord, PushState } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { OneDevice, RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { missedPayload } from '#wire/push/native/payload.ts';
import { pushId } from '#wire/push/push-id.ts';
import { type PlanRetryDeps, planRetry } from '../push/plan-retry.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { type SendPushDeps, sendPush, stopPush } from '../push/send-push.ts';
import { type Skip, skipped } from './skipped.ts';

export interface SilenceMemberDeps extends SendPushDeps, PlanRetryDeps, RingingByAlertDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** One push to one device, and the job that makes the next attempt. */
interface PlannedPush {
  readonly pushToken: PushToken;
  readonly push: Push;
  readonly again: (attempt: number) => RingJob;
}

const NOTICE_MS = DAY_MS;
const NOBODY: ReadonlySet<string> = new Set();

/** Silences the phones that took a ring, but for the one that ended it, and tells of a missed call where there is one. */
export const silenceMember =
  (deps: SilenceMemberDeps) =>
  async ({ cid, stop }: Extract<RingJob, { type: 'stop' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, pushLog } = deps;
    const { userId, ringId, type, notify, except } = stop;
    const [record, call, { pushTokens }] = await Promise.all([
      pushLog.stop({ cid, userId, ringId }, { type, notify, ...(except && { except }) }),
      calls.find(cid),
      presence.reach(userId),
    ]);
    if (!call || (!record.first && !redelivered)) return;
    const rung = keysIn(record, 'accepted', 'unknown');
    const took = pushTokens.filter(({ key }) => rung.has(key));
    const left = took.flatMap((pushToken) => {
      const reason = unsilenced(pushToken, except);
      return reason === undefined ? [] : [{ pushToken, reason }];
    });
    const silenced = took.filter((pushToken) => unsilenced(pushToken, except) === undefined);
    // A phone that is being pushed right now gets its stop, which says the same, as soon as it has taken the ring.
    const told = keysIn(record, 'accepted', 'unknown', 'sending');
    const notices = notify ? noticePlan(pushTokens, told) : [];
    const errands = [
      ...silenced.map((pushToken) => stopErrand(deps, call, pushToken, ringId, { type, notify })),
      ...notices.map((pushToken) => noticeErrand(deps, call, pushToken, ringId)),
    ];
    const trace = left.map(({ pushToken, reason }) => skipped(deps, { userId, ringId }, reason, pushToken, type));
    await run(deps, cid, 1, errands, trace);
  };

/** Why a phone that took the ring is sent no stop. */
function unsilenced(pushToken: PushToken, except: Handset | undefined): Skip | undefined {
  if (except && isOn(pushToken, except)) return 'acted_here';
  return pushToken.provider === 'apn' ? 'one_voip_push_a_ring' : undefined;
}

const keysIn = ({ pushes: pushTokens }: PushRecord, ...states: PushState[]): ReadonlySet<string> =>
  new Set(Object.entries(pushTokens).flatMap(([key, state]) => (states.includes(state) ? [key] : [])));

/** Tells a member who was not rung of a missed call. */
export const notifyMember =
  (deps: SilenceMemberDeps) =>
  async ({ cid, userId, ringId }: Extract<RingJob, { type: 'notice' }>, redelivered: boolean): Promise<void> => {
    const [call, { pushTokens }, byAlert] = await Promise.all([
      deps.calls.find(cid),
      deps.presence.reach(userId),
      ringingByAlert(deps),
    ]);
    if (!call) return;
    if (!(await deps.pushLog.claimNotice({ cid, userId, ringId })) && !redelivered) return;
    const notices = noticePlan(pushTokens, NOBODY).map((pushToken) => noticeErrand(deps, call, pushToken, ringId));
    const trace = ringPlan(pushTokens, byAlert).push.map((pushToken) =>
      skipped(deps, { userId, ringId }, 'busy', pushToken),
    );
    await run(deps, cid, 1, notices, trace);
  };

/** Makes another attempt to silence one device, or to tell it of a missed call. */
export const retryStopOrNotice =
  (deps: SilenceMemberDeps) =>
  async (job: Extract<RingJob, { type: 'retry-stop' | 'retry-notice' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, ringId, pushTokenKey, attempt } = job;
    const [call, { pushTokens }] = await Promise.all([deps.calls.find(cid), deps.presence.reach(userId)]);
    const pushToken = pushTokens.find(({ key }) => key === pushTokenKey);
    if (!call || !pushToken) return;
    if (!(await deps.pushLog.claimRetry(job, `${job.type} ${pushTokenKey}`, attempt, redelivered))) return;
    await run(deps, cid, attempt, [
      job.type === 'retry-stop'
        ? stopErrand(deps, call, pushToken, ringId, job.stop)
        : noticeErrand(deps, call, pushToken, ringId),
    ]);
  };

const oneDevice = (call: Call, pushToken: PushToken, ringId: string, attempt: number): OneDevice => ({
  cid: call.cid,
  userId: pushToken.userId,
  ringId,
  pushTokenKey: pushToken.key,
  attempt,
});

const stopErrand = (
  { clock }: SilenceMemberDeps,
  call: Call,
  pushToken: PushToken,
  ringId: string,
  stop: NonNullable<PushRecord['stop']>,
): PlannedPush => ({
  pushToken: pushToken,
  push: stopPush(call, pushToken, { ringId, ...stop }, clock()),
  again: (attempt) => ({ type: 'retry-stop', ...oneDevice(call, pushToken, ringId, attempt), stop }),
});

function noticeErrand({ clock }: SilenceMemberDeps, call: Call, pushToken: PushToken, ringId: string): PlannedPush {
  const now = clock();
  const expiresAt = later(now, NOTICE_MS);
  return {
    pushToken: pushToken,
    push: {
      kind: 'missed',
      payload: missedPayload({ call, receiverId: pushToken.userId, ringId, now, expiresAt }),
      expiresAt,
      id: pushId('missed', call.cid, ringId, pushToken.key),
    },
    again: (attempt) => ({ type: 'retry-notice', ...oneDevice(call, pushToken, ringId, attempt) }),
  };
}

async function run(
  deps: SilenceMemberDeps,
  cid: string,
  attempt: number,
  errands: readonly PlannedPush[],
  beside: readonly TraceEvent[] = [],
): Promise<void> {
  const traces = await Promise.all(errands.map((errand) => runOne(deps, attempt, errand)));
  await deps.traces.write(cid, [...beside, ...traces.flat()]);
}

async function runOne(
  deps: SilenceMemberDeps,
  attempt: number,
  { pushToken, push, again }: PlannedPush,
): Promise<readonly TraceEvent[]> {
  const { outcome, trace } = await sendPush(deps)(pushToken, push, attempt);
  await planRetry(deps)(outcome, attempt, push.expiresAt, again);
  return trace;
}
