import { type Call, memberOf } from '#domain/call/call.ts';
import { isOn } from '#domain/push-token/ring-plan.ts';
import type { Device } from '#domain/push-token/token.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { type PushDeviceDeps, pushDevice, stopPush } from '../push/push-device.ts';
import { type PlanRetryDeps, planRetry } from '../push/retry-push.ts';
import type { RecordPush } from './record-together.ts';
import { skipped } from './skipped.ts';

export interface PushRingDeps extends PushDeviceDeps, PlanRetryDeps {
  readonly calls: CallStore;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** What is sent in which attempt at a device, how far the push was before, and how its answer is recorded. */
export interface Attempt {
  /** Absent where the ring was over already. */
  readonly push: Push | undefined;
  readonly attempt: number;
  readonly before: PushState | undefined;
  readonly note: RecordPush;
}

/** How an attempt to ring a device ended; the record is there where it was written. */
export interface Rung {
  readonly state: PushState;
  readonly record?: PushRecord;
  readonly trace: readonly TraceEvent[];
}

/** Pushes after which a phone may ring. */
const MAY_RING: ReadonlySet<PushState | undefined> = new Set(['accepted', 'unknown']);

/** One attempt at one device: its answer is recorded, another attempt planned, and a ring that ended meanwhile is silenced. */
export async function pushRing(
  deps: PushRingDeps,
  call: Call,
  ring: RingRef,
  device: Device,
  { push, attempt, before, note }: Attempt,
): Promise<Rung> {
  if (!push) return { state: before ?? 'sending', trace: [skipped(deps, ring, 'ring_is_over', device)] };
  const { outcome, trace } = await pushDevice(deps)(device, push, attempt);
  if (outcome.kind === 'accepted') noteRingTaken(deps, call, device);
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
  const told = stateOf(outcome);
  // An attempt that was refused takes nothing back of an earlier one by which the phone may ring.
  const state = MAY_RING.has(before) && !MAY_RING.has(told) ? 'unknown' : told;
  const record = await note(device.key, state);
  const silenced = MAY_RING.has(state) ? await silenceLate(deps, call, ring, device, record) : [];
  if (!MAY_RING.has(state) && before === 'sending') await notifyLate(deps, ring, device, record);
  return { state, record, trace: [...withRetry(trace, retryMs), ...silenced] };
}

/** How long the callee has waited for their phone to ring; one that was registered meanwhile, from then on. */
function noteRingTaken({ meter, clock }: PushRingDeps, call: Call, { userId, provider, createdAt }: Device): void {
  const since = Math.max(memberOf(call, userId)?.since ?? 0, createdAt);
  meter.note({ type: 'ring_taken', cid: call.cid, provider, ms: Math.max(0, clock() - since) });
}

function stateOf(outcome: PushOutcome): PushState {
  switch (outcome.kind) {
    case 'accepted':
      return 'accepted';
    case 'unregistered':
    case 'wrong_environment':
      return 'dead';
    case 'refused':
    case 'withheld':
      return 'refused';
    case 'retryable':
      return outcome.status === 0 ? 'unknown' : 'failed';
  }
}

const withRetry = (trace: readonly TraceEvent[], retryMs: number | undefined): readonly TraceEvent[] =>
  retryMs === undefined
    ? trace
    : trace.map((event) =>
        event.event === 'push.failed' ? { ...event, details: { ...event.details, retry_in_ms: retryMs } } : event,
      );

/** A push that was taken after the stop went out is followed by a stop of its own. */
async function silenceLate(
  deps: PushRingDeps,
  call: Call,
  { cid, userId, ringId }: RingRef,
  device: Device,
  { stop }: PushRecord,
): Promise<readonly TraceEvent[]> {
  if (!stop || device.provider !== 'firebase' || (stop.except && isOn(device, stop.except))) return [];
  const push = stopPush(call, device, { ringId, ...stop }, deps.clock());
  const { outcome, trace } = await pushDevice(deps)(device, push, 1);
  const { type, notify } = stop;
  await planRetry(deps)(outcome, 1, push.expiresAt, (attempt) => ({
    type: 'retry-stop',
    cid,
    userId,
    ringId,
    deviceKey: device.key,
    attempt,
    stop: { type, notify },
  }));
  return trace;
}

/** The stop took this phone for one that rings, whose stop is the missed-call notice: it gets one of its own. */
async function notifyLate(
  { ringJobs }: PushRingDeps,
  { cid, userId, ringId }: RingRef,
  { key: deviceKey, provider }: Device,
  { stop }: PushRecord,
): Promise<void> {
  if (!stop?.notify || provider !== 'firebase') return;
  await ringJobs.send([{ type: 'retry-notice', cid, userId, ringId, deviceKey, attempt: 1 }]);
}
