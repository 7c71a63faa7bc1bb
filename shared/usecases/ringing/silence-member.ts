import type { Call, Handset } from '#domain/call/call.ts';
import { isOn, noticePlan, ringPlan } from '#domain/push-token/ring-plan.ts';
import type { Device } from '#domain/push-token/token.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog, PushRecord, PushState } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { OneDevice, RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { missedPayload } from '#wire/push/native/payload.ts';
import { pushId } from '#wire/push/push-id.ts';
import { type PushDeviceDeps, pushDevice, stopPush } from '../push/push-device.ts';
import { type PlanRetryDeps, planRetry } from '../push/retry-push.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { type Skip, skipped } from './skipped.ts';

export interface SilenceMemberDeps extends PushDeviceDeps, PlanRetryDeps, RingingByAlertDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** One push to one device, and the job that makes the next attempt. */
interface Errand {
  readonly device: Device;
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
    const [record, call, { devices }] = await Promise.all([
      pushLog.stop({ cid, userId, ringId }, { type, notify, ...(except && { except }) }),
      calls.find(cid),
      presence.reach(userId),
    ]);
    if (!call || (!record.first && !redelivered)) return;
    const rung = keysIn(record, 'accepted', 'unknown');
    const took = devices.filter(({ key }) => rung.has(key));
    const left = took.flatMap((device) => {
      const reason = unsilenced(device, except);
      return reason === undefined ? [] : [{ device, reason }];
    });
    const silenced = took.filter((device) => unsilenced(device, except) === undefined);
    // A phone that is being pushed right now gets its stop, which says the same, as soon as it has taken the ring.
    const told = keysIn(record, 'accepted', 'unknown', 'sending');
    const notices = notify ? noticePlan(devices, told) : [];
    const errands = [
      ...silenced.map((device) => stopErrand(deps, call, device, ringId, { type, notify })),
      ...notices.map((device) => noticeErrand(deps, call, device, ringId)),
    ];
    const trace = left.map(({ device, reason }) => skipped(deps, { userId, ringId }, reason, device, type));
    await run(deps, cid, 1, errands, trace);
  };

/** Why a phone that took the ring is sent no stop. */
function unsilenced(device: Device, except: Handset | undefined): Skip | undefined {
  if (except && isOn(device, except)) return 'acted_here';
  return device.provider === 'apn' ? 'one_voip_push_a_ring' : undefined;
}

const keysIn = ({ devices }: PushRecord, ...states: PushState[]): ReadonlySet<string> =>
  new Set(Object.entries(devices).flatMap(([key, state]) => (states.includes(state) ? [key] : [])));

/** Tells a member who was not rung of a missed call. */
export const notifyMember =
  (deps: SilenceMemberDeps) =>
  async ({ cid, userId, ringId }: Extract<RingJob, { type: 'notice' }>, redelivered: boolean): Promise<void> => {
    const [call, { devices }, byAlert] = await Promise.all([
      deps.calls.find(cid),
      deps.presence.reach(userId),
      ringingByAlert(deps),
    ]);
    if (!call) return;
    if (!(await deps.pushLog.claimNotice({ cid, userId, ringId })) && !redelivered) return;
    const notices = noticePlan(devices, NOBODY).map((device) => noticeErrand(deps, call, device, ringId));
    const trace = ringPlan(devices, byAlert).push.map((device) => skipped(deps, { userId, ringId }, 'busy', device));
    await run(deps, cid, 1, notices, trace);
  };

/** Makes another attempt to silence one device, or to tell it of a missed call. */
export const retryErrand =
  (deps: SilenceMemberDeps) =>
  async (job: Extract<RingJob, { type: 'retry-stop' | 'retry-notice' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, ringId, deviceKey, attempt } = job;
    const [call, { devices }] = await Promise.all([deps.calls.find(cid), deps.presence.reach(userId)]);
    const device = devices.find(({ key }) => key === deviceKey);
    if (!call || !device) return;
    if (!(await deps.pushLog.claimErrand(job, `${job.type} ${deviceKey}`, attempt, redelivered))) return;
    await run(deps, cid, attempt, [
      job.type === 'retry-stop'
        ? stopErrand(deps, call, device, ringId, job.stop)
        : noticeErrand(deps, call, device, ringId),
    ]);
  };

const oneDevice = (call: Call, device: Device, ringId: string, attempt: number): OneDevice => ({
  cid: call.cid,
  userId: device.userId,
  ringId,
  deviceKey: device.key,
  attempt,
});

const stopErrand = (
  { clock }: SilenceMemberDeps,
  call: Call,
  device: Device,
  ringId: string,
  stop: NonNullable<PushRecord['stop']>,
): Errand => ({
  device,
  push: stopPush(call, device, { ringId, ...stop }, clock()),
  again: (attempt) => ({ type: 'retry-stop', ...oneDevice(call, device, ringId, attempt), stop }),
});

function noticeErrand({ clock }: SilenceMemberDeps, call: Call, device: Device, ringId: string): Errand {
  const now = clock();
  const expiresAt = later(now, NOTICE_MS);
  return {
    device,
    push: {
      kind: 'missed',
      payload: missedPayload({ call, receiverId: device.userId, ringId, now, expiresAt }),
      expiresAt,
      id: pushId('missed', call.cid, ringId, device.key),
    },
    again: (attempt) => ({ type: 'retry-notice', ...oneDevice(call, device, ringId, attempt) }),
  };
}

async function run(
  deps: SilenceMemberDeps,
  cid: string,
  attempt: number,
  errands: readonly Errand[],
  beside: readonly TraceEvent[] = [],
): Promise<void> {
  const traces = await Promise.all(errands.map((errand) => runOne(deps, attempt, errand)));
  await deps.traces.write(cid, [...beside, ...traces.flat()]);
}

async function runOne(
  deps: SilenceMemberDeps,
  attempt: number,
  { device, push, again }: Errand,
): Promise<readonly TraceEvent[]> {
  const { outcome, trace } = await pushDevice(deps)(device, push, attempt);
  await planRetry(deps)(outcome, attempt, push.expiresAt, again);
  return trace;
}
