import { type Call, isRinging, memberOf } from '#domain/call.ts';
import type { Device } from '#domain/device.ts';
import { isOn, ringPlan, type SkipReason } from '#domain/ring-plan.ts';
import { type Clock, later, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { Connection } from '#ports/presence-store.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { ringFrame, signalFrame, type UnreachableReason, unreachableFrame } from '#wire/events.ts';
import { type PushDeviceDeps, pushDevice, ringPush, stopPush } from './push-device.ts';
import { type PlanRetryDeps, planRetry } from './retry-push.ts';
import { hears, type TellDeps, tellConnection, tellUser, toldTrace } from './tell.ts';

export interface RingMemberDeps extends TellDeps, PushDeviceDeps, PlanRetryDeps {
  readonly calls: CallStore;
  readonly mailbox: Mailbox;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** Another invocation has this ring's pushes; if it crashes, the message that comes back finds its lease run out. */
export class RingIsLeased extends Error {}

/** An invocation of the ring function lives no longer. */
const LEASE_MS = 6 * SECOND_MS;

/** What a crashed invocation leaves of a push, and what there is of a device that came later. */
const UNANSWERED: ReadonlySet<string | undefined> = new Set(['sending', undefined]);

/** Rings one member: `call.ring` to their live connections, a push to each handset, side by side. */
export const ringMember =
  (deps: RingMemberDeps) =>
  async ({ cid, userId, ringId, offer }: Extract<RingJob, { type: 'ring' }>): Promise<void> => {
    const { calls, presence, traces, clock } = deps;
    const [call, reach] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const ring = { cid, userId, ringId };
    if (!call || !rings(call, ring, deps)) {
      await traces.write(cid, [{ at: clock(), event: 'push.skipped', userId, details: { reason: 'ring_is_over' } }]);
      return;
    }
    const listening = reach.connections.filter((connection) => hears(connection, cid));
    const plan = ringPlan(reach.devices);
    const [told, pushed] = await Promise.all([
      tellListening(deps, call, userId, listening, offer),
      pushAll(deps, call, ring, plan.push),
    ]);
    if (pushed === 'leased') throw new RingIsLeased(`another invocation is pushing ${cid} to ${userId}`);
    const outcomes = pushed.map(({ outcome }) => outcome);
    const reached = told.some(({ event }) => event === 'event.delivered');
    const silent = reached ? undefined : unreachableReason(plan.push, outcomes);
    const unreachable = silent ? await tellUnreachable(deps, call, userId, silent) : [];
    const skipped = plan.skip.map(({ device, reason }) => skippedTrace(device, reason, clock));
    await traces.write(cid, [...told, ...skipped, ...pushed.flatMap(({ trace }) => trace), ...unreachable]);
  };

/** Pushes to all `devices` that nothing is known of yet, unless another invocation is at it. */
async function pushAll(deps: RingMemberDeps, call: Call, ring: RingRef, devices: readonly Device[]) {
  const now = deps.clock();
  const keys = devices.map(({ key }) => key);
  const record = await deps.pushLog.claim(ring, keys, now, later(now, LEASE_MS));
  if (record === 'leased') return record;
  const due = record.stop ? [] : devices.filter(({ key }) => UNANSWERED.has(record.devices[key]));
  // All of them are waited for, also when one breaks: what is left in flight when the function returns, freezes.
  const settled = await Promise.allSettled(due.map((device) => pushRing(deps, call, ring, device, 1)));
  return settled.map((push) => {
    if (push.status === 'rejected') throw push.reason;
    return push.value;
  });
}

const skippedTrace = ({ userId, token }: Device, reason: SkipReason, clock: Clock): TraceEvent => ({
  at: clock(),
  event: 'push.skipped',
  userId,
  details: { reason, device: token.slice(-8) },
});

/** Makes another attempt at one device, if its member still rings. */
export const retryPush =
  (deps: RingMemberDeps) =>
  async (job: Extract<RingJob, { type: 'retry' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, traces, pushLog } = deps;
    const { cid, userId, deviceKey, attempt } = job;
    const [call, reach] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const device = reach.devices.find(({ key }) => key === deviceKey);
    if (!call || !device || !rings(call, job, deps)) return;
    if (!(await pushLog.claimAttempt(job, deviceKey, attempt, redelivered))) return;
    const { outcome, trace } = await pushRing(deps, call, job, device, attempt);
    const others = reach.devices.length > 1 || reach.connections.some((connection) => hears(connection, cid));
    const silent = others ? undefined : unreachableReason([device], [outcome]);
    await traces.write(cid, [...trace, ...(silent ? await tellUnreachable(deps, call, userId, silent) : [])]);
  };

const rings = (call: Call, { userId, ringId }: RingRef, { clock }: RingMemberDeps): boolean => {
  const member = memberOf(call, userId);
  return member !== undefined && member.ringId === ringId && isRinging(member, clock()) && call.status !== 'ended';
};

async function tellListening(
  deps: RingMemberDeps,
  call: Call,
  userId: string,
  connections: readonly Connection[],
  offer: boolean,
) {
  const { mailbox, clock } = deps;
  if (connections.length === 0) return [];
  const signals = offer ? await mailbox.read(call.cid, userId) : [];
  const frames = [ringFrame(call, userId, clock()), ...signals.map((signal) => signalFrame(call.cid, signal))];
  return Promise.all(
    connections.map(async (connection) =>
      toldTrace(connection, await tellConnection(deps)(connection, frames), 'call.ring', clock),
    ),
  );
}

/** One attempt at one device: its answer is recorded, another attempt planned, and a ring that ended meanwhile is silenced. */
async function pushRing(deps: RingMemberDeps, call: Call, ring: RingRef, device: Device, attempt: number) {
  const push = await ringPush(deps, call, device);
  if (!push) return { outcome: TOO_LATE, trace: [] };
  const { outcome, trace } = await pushDevice(deps)(device, push, attempt);
  const { cid, userId, ringId } = ring;
  const again = (next: number): RingJob => ({
    type: 'retry',
    cid,
    userId,
    ringId,
    deviceKey: device.key,
    attempt: next,
  });
  // First of all, so that a crash in between makes one attempt too many, never one too few.
  const retryMs = await planRetry(deps)(outcome, attempt, push.expiresAt, again);
  const silenced = await settlePush(deps, call, ring, device, stateOf(outcome), attempt);
  return { outcome, trace: [...withRetry(trace, retryMs), ...silenced] };
}

const TOO_LATE: PushOutcome = { kind: 'retryable', status: 0, reason: 'ring_is_over' };

const stateOf = (outcome: PushOutcome): PushState => {
  if (outcome.kind === 'accepted') return 'accepted';
  return outcome.kind === 'retryable' && outcome.status === 0 ? 'unknown' : 'refused';
};

/** Records how an attempt went; one that was refused takes nothing back of an earlier one that may have rung. */
async function settlePush(
  deps: RingMemberDeps,
  call: Call,
  ring: RingRef,
  device: Device,
  state: PushState,
  attempt: number,
) {
  if (state === 'refused' && attempt > 1) return [];
  const record = await deps.pushLog.record(ring, { [device.key]: state });
  return state === 'refused' ? [] : silenceLate(deps, call, ring, device, record);
}

const withRetry = (trace: readonly TraceEvent[], retryMs: number | undefined): readonly TraceEvent[] =>
  retryMs === undefined
    ? trace
    : trace.map((event) =>
        event.event === 'push.failed' ? { ...event, details: { ...event.details, retry_in_ms: retryMs } } : event,
      );

/** A push that was taken after the stop went out is followed by a stop of its own. */
async function silenceLate(
  deps: RingMemberDeps,
  call: Call,
  { ringId }: RingRef,
  device: Device,
  { stop }: PushRecord,
) {
  if (!stop || device.provider !== 'firebase' || (stop.except && isOn(device, stop.except))) return [];
  return (await pushDevice(deps)(device, stopPush(call, device, { ringId, ...stop }, deps.clock()), 1)).trace;
}

/** Why nothing of a callee can ring, where that is certain. */
function unreachableReason(
  devices: readonly Device[],
  outcomes: readonly PushOutcome[],
): UnreachableReason | undefined {
  if (devices.length === 0) return 'no_devices';
  if (outcomes.length < devices.length) return undefined;
  if (outcomes.every(({ kind }) => kind === 'unregistered' || kind === 'wrong_environment')) return 'all_tokens_dead';
  return outcomes.every(({ kind }) => kind !== 'accepted' && kind !== 'retryable') ? 'push_rejected' : undefined;
}

async function tellUnreachable(
  deps: RingMemberDeps,
  call: Call,
  userId: string,
  reason: UnreachableReason,
): Promise<TraceEvent[]> {
  await tellUser(deps)(call.createdBy.id, call.cid, [unreachableFrame(call.cid, deps.clock(), userId, reason)]);
  return [{ at: deps.clock(), event: 'call.unreachable', userId, details: { reason } }];
}
