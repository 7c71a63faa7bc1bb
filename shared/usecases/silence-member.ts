import type { Call } from '#domain/call.ts';
import type { Device } from '#domain/device.ts';
import { isOn, noticePlan } from '#domain/ring-plan.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { pushId } from '#wire/push-id.ts';
import { missedPayload } from '#wire/push-payload.ts';
import { type PushDeviceDeps, pushDevice, stopPush } from './push-device.ts';

export interface SilenceMemberDeps extends PushDeviceDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

const NOTICE_MS = DAY_MS;
const NOBODY: ReadonlySet<string> = new Set();

/** Silences the phones that took a ring, but for the one that ended it, and tells of a missed call where there is one. */
export const silenceMember =
  (deps: SilenceMemberDeps) =>
  async ({ cid, stop }: Extract<RingJob, { type: 'stop' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, pushLog, clock } = deps;
    const { userId, ringId, type, notify, except } = stop;
    const record = await pushLog.stop({ cid, userId, ringId }, { type, notify, ...(except && { except }) });
    if (!record.first && !redelivered) return;
    const [call, { devices }] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    if (!call) return;
    const inState = (...states: string[]) =>
      new Set(Object.keys(record.devices).filter((key) => states.includes(record.devices[key] ?? '')));
    const rung = inState('accepted');
    const silenced = devices.filter(
      (device) => device.provider === 'firebase' && rung.has(device.key) && !(except && isOn(device, except)),
    );
    await sendAll(deps, cid, [
      ...silenced.map((device) => [device, stopPush(call, device, stop, clock())] as const),
      // A phone that is being pushed right now gets its stop, which says the same, as soon as it has taken the ring.
      ...(notify ? noticesOf(deps, call, devices, inState('accepted', 'sending'), ringId) : []),
    ]);
  };

/** Tells a member who was not rung of a missed call. */
export const notifyMember =
  (deps: SilenceMemberDeps) =>
  async ({ cid, userId }: Extract<RingJob, { type: 'notice' }>): Promise<void> => {
    const [call, { devices }] = await Promise.all([deps.calls.find(cid), deps.presence.reach(userId)]);
    if (call) await sendAll(deps, cid, noticesOf(deps, call, devices, NOBODY, call.members[userId]?.ringId ?? ''));
  };

const noticesOf = (
  deps: SilenceMemberDeps,
  call: Call,
  devices: readonly Device[],
  rung: ReadonlySet<string>,
  ringId: string,
) => noticePlan(devices, rung).map((device) => [device, missedPush(deps, call, device, ringId)] as const);

function missedPush({ clock }: SilenceMemberDeps, call: Call, device: Device, ringId: string): Push {
  const now = clock();
  const expiresAt = later(now, NOTICE_MS);
  return {
    kind: 'missed',
    payload: missedPayload({ call, receiverId: device.userId, ringId, now, expiresAt }),
    expiresAt,
    id: pushId('missed', call.cid, ringId, device.key),
    alert: { title: call.createdBy.name ?? call.createdBy.id, body: call.video ? 'Missed video call' : 'Missed call' },
  };
}

async function sendAll(
  deps: SilenceMemberDeps,
  cid: string,
  pushes: readonly (readonly [Device, Push])[],
): Promise<void> {
  const pushed = await Promise.all(pushes.map(([device, push]) => pushDevice(deps)(device, push, 1)));
  await deps.traces.write(
    cid,
    pushed.flatMap(({ trace }) => trace),
  );
}
