import { type Call, isRinging, memberOf } from '#domain/call/call.ts';
import { ringPlan } from '#domain/push-token/ring-plan.ts';
import type { Device } from '#domain/push-token/token.ts';
import { type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Connection } from '#ports/presence-store.ts';
import type { PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { ringFrame, signalFrame } from '#wire/socket/native/encode.ts';
import { hears, type TellDeps, tellConnection, toldTrace } from '../connections/tell.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';
import { ringPush } from '../push/push-device.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { allOf } from './all-of.ts';
import { type PushRingDeps, pushRing } from './push-ring.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { skipped } from './skipped.ts';
import { tellUnreachable, unreachableReason } from './unreachable.ts';

export interface RingMemberDeps extends TellDeps, PushRingDeps, RingingByAlertDeps, WatchDeps, RecordTogetherDeps {
  readonly mailbox: Mailbox;
}

/** Another invocation has this ring's pushes; if it crashes, the message that comes back finds its lease run out. */
export class RingIsLeased extends Error {}

/** An invocation of the ring function lives no longer. */
const LEASE_MS = 6 * SECOND_MS;

/** What a crashed invocation leaves of a push, and what there is of a device that came later. */
const UNANSWERED: ReadonlySet<PushState | undefined> = new Set(['sending', undefined]);

/** Rings one member: `call.ring` to their live connections, a push to each handset, side by side. */
export const ringMember =
  (deps: RingMemberDeps) =>
  async (ring: Extract<RingJob, { type: 'ring' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, offer } = ring;
    const { calls, presence, traces, mailbox } = deps;
    const [call, reach, byAlert] = await Promise.all([calls.find(cid), presence.reach(userId), ringingByAlert(deps)]);
    const plan = ringPlan(reach.devices, byAlert);
    const unringable = plan.skip.map(({ device, reason }) => skipped(deps, ring, reason, device));
    if (!call || !rings(call, ring, deps)) {
      const late = plan.push.map((device) => skipped(deps, ring, 'ring_is_over', device));
      await traces.write(cid, [...(late.length > 0 ? late : [skipped(deps, ring, 'ring_is_over')]), ...unringable]);
      return;
    }
    const [record, pushes] = await allOf([
      claimed(deps, ring, plan.push),
      pushesOf(deps, call, plan.push),
      // Before any phone can wake: it waits there for whoever connects from now on.
      offer && mailbox.keep(cid, userId, { ...offer, at: rungAt(call, userId) }),
    ]);
    if (!record) return;
    deps.meter.note({ type: 'member_rung', cid });
    const listening = reach.connections.filter((connection) => hears(connection, cid));
    // Both are waited for, also when one breaks: what is left in flight when the function returns, freezes.
    const [told, pushed] = await allOf([
      tellListening(deps, call, ring, listening, offer),
      // Whoever had this message before may have crashed after a push had left: that phone may ring.
      pushAll(deps, call, ring, { ...record, pushes, before: redelivered ? 'unknown' : 'sending' }),
    ]);
    const keys = plan.push.map(({ key }) => key);
    const reached = told.some(({ event }) => event === 'event.delivered');
    const silent = reached ? undefined : unreachableReason(keys, { ...record.devices, ...pushed.devices });
    const unreachable = silent ? await tellUnreachable(deps, call, ring, silent) : [];
    await traces.write(cid, [...told, ...unringable, ...pushed.trace, ...unreachable]);
  };

/** What is known of a ring's pushes, and to which devices there is one left to send. */
interface Claimed extends PushRecord {
  readonly due: readonly Device[];
}

/** Claims the pushes of a ring; nothing comes back where it is the same message once more, and all of them are sent. */
async function claimed(
  { pushLog, clock }: RingMemberDeps,
  ring: RingRef,
  devices: readonly Device[],
): Promise<Claimed | undefined> {
  const now = clock();
  const keys = devices.map(({ key }) => key);
  const { leased, ...record } = await pushLog.claim(ring, keys, now, later(now, LEASE_MS));
  const due = devices.filter(({ key }) => UNANSWERED.has(record.devices[key]));
  if (!leased) return { ...record, due };
  if (due.length > 0) throw new RingIsLeased(`another invocation is pushing ${ring.cid} to ${ring.userId}`);
  return undefined;
}

/** A ring that is asked for once more in the same words finds its offer kept under the same moment. */
const rungAt = (call: Call, userId: string): EpochMs => memberOf(call, userId)?.since ?? call.createdAt;

type Pushes = ReadonlyMap<string, Push | undefined>;

/** The pushes that ring these devices, by the device's key: they are made while their claim is under way. */
async function pushesOf(deps: RingMemberDeps, call: Call, devices: readonly Device[]): Promise<Pushes> {
  return new Map(
    await Promise.all(devices.map(async (device) => [device.key, await ringPush(deps, call, device)] as const)),
  );
}

/** Makes another attempt at one device, if its member still rings. */
export const retryPush =
  (deps: RingMemberDeps) =>
  async (job: Extract<RingJob, { type: 'retry' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, traces, pushLog } = deps;
    const { cid, userId, deviceKey, attempt } = job;
    const [call, reach] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const device = reach.devices.find(({ key }) => key === deviceKey);
    if (!call || !device || !rings(call, job, deps)) {
      await traces.write(cid, [skipped(deps, job, device ? 'ring_is_over' : 'no_longer_registered', device)]);
      return;
    }
    const before = await pushLog.claimAttempt(job, deviceKey, attempt, redelivered);
    if (!before) return;
    const { record, trace } = await pushRing(deps, call, job, device, {
      push: await ringPush(deps, call, device),
      attempt,
      before: before.devices[deviceKey],
      note: recordTogether(deps, job, 1),
    });
    const listens = reach.connections.some((connection) => hears(connection, cid));
    const silent = record && !listens ? unreachableReason(Object.keys(record.devices), record.devices) : undefined;
    await traces.write(cid, [...trace, ...(silent ? await tellUnreachable(deps, call, job, silent) : [])]);
  };

const rings = (call: Call, { userId, ringId }: RingRef, { clock }: RingMemberDeps): boolean => {
  const member = memberOf(call, userId);
  return member !== undefined && member.ringId === ringId && isRinging(member, clock()) && call.status !== 'ended';
};

/** How far each device is that was pushed, and what the trace says of it. */
interface Pushed {
  readonly devices: PushRecord['devices'];
  readonly trace: readonly TraceEvent[];
}

/** Pushes to all devices that are due, side by side, unless the ring ended before anything was pushed for it. */
async function pushAll(
  deps: RingMemberDeps,
  call: Call,
  ring: RingRef,
  { due, stop, pushes, before }: Claimed & { readonly pushes: Pushes; readonly before: PushState },
): Promise<Pushed> {
  if (stop) return { devices: {}, trace: due.map((device) => skipped(deps, ring, 'ring_is_over', device)) };
  const note = recordTogether(deps, ring, due.length);
  const pushed = await allOf(
    due.map(async (device) => {
      const push = pushes.get(device.key);
      return { device, ...(await pushRing(deps, call, ring, device, { push, attempt: 1, before, note })) };
    }),
  );
  return {
    devices: Object.fromEntries(pushed.map(({ device, state }) => [device.key, state])),
    trace: pushed.flatMap(({ trace }) => trace),
  };
}

async function tellListening(
  deps: RingMemberDeps,
  call: Call,
  { userId, ringId }: RingRef,
  connections: readonly Connection[],
  offer: Signal | undefined,
): Promise<TraceEvent[]> {
  const { clock } = deps;
  const frames = [ringFrame(call, userId, clock()), ...(offer ? [signalFrame(call.cid, offer)] : [])];
  return Promise.all(
    connections.map(async (connection) => {
      const told = await tellConnection(deps)(connection, frames);
      return toldTrace(connection, told, { type: 'call.ring', ring_id: ringId }, clock);
    }),
  );
}
