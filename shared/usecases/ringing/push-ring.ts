import { type Call, memberOf } from '#domain/call/call.ts';
import { isOn } from '#domain/push-token/ring-plan.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { type PlanRetryDeps, planRetry } from '../push/plan-retry.ts';
import { type SendPushDeps, sendPush, stopPush } from '../push/send-push.ts';
import type { RecordPush } from './record-together.ts';
import { skipped } from './skipped.ts';

export interface PushRingDeps extends SendPushDeps, PlanRetryDeps {
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
  pushToken: PushToken,
  { push, attempt, before, note }: Attempt,
): Promise<Rung> {
  if (!push) return { state: before ?? 'sending', trace: [skipped(deps, ring, 'ring_is_over', pushToken)] };
  const { outcome, trace } = await sendPush(deps)(pushToken, push, attempt);
  if (outcome.kind === 'accepted') noteRingTaken(deps, call, pushToken);
  const { cid, userId, ringId } = ring;
  const again = (next: number): RingJob => ({
    type: 'retry',
    cid,
    userId,
    ringId,
    pushTokenKey: pushToken.key,
    attempt: next,
  });
  // First of all, so that a crash in between makes one attempt too many, never one too few.
  const retryMs = await planRetry(deps)(outcome, attempt, push.expiresAt, again);
  const told = stateOf(outcome);
  // An attempt that was refused takes nothing back of an earlier one by which the phone may ring.
  const state = MAY_RING.has(before) && !MAY_RING.has(told) ? 'unknown' : told;
  const record = await note(pushToken.key, state);
  const silenced = MAY_RING.has(state) ? await silenceLate(deps, call, ring, pushToken, record) : [];
  if (!MAY_RING.has(state) && before === 'sending') await notifyLate(deps, ring, pushToken, record);
  return { state, record, trace: [...withRetry(trace, retryMs), ...silenced] };
}

/** How long the callee has waited for their phone to ring; one that was registered meanwhile, from then on. */
function noteRingTaken({ meter, clock }: PushRingDeps, call: Call, { userId, provider, createdAt }: PushToken): void {
  const since = Math.max(memberOf(call, userId)?.since ?? 0, createdAt);
  meter.record({ type: 'ring_taken', cid: call.cid, provider, ms: Math.max(0, clock() - since) });
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
  pushToken: PushToken,
  { stop }: PushRecord,
): Promise<readonly TraceEvent[]> {
  if (!stop || pushToken.provider !== 'firebase' || (stop.except && isOn(pushToken, stop.except))) return [];
  const push = stopPush(call, pushToken, { ringId, ...stop }, deps.clock());
  const { outcome, trace } = await sendPush(deps)(pushToken, push, 1);
  const { type, notify } = stop;
  await planRetry(deps)(outcome, 1, push.expiresAt, (attempt) => ({
    type: 'retry-stop',
    cid,
    userId,
    ringId,
    pushTokenKey: pushToken.key,
    attempt,
    stop: { type, notify },
  }));
  return trace;
}

/** The stop took this phone for one that rings, whose stop is the missed-call notice: it gets one of its own. */
async function notifyLate(
  { ringJobs }: PushRingDeps,
  { cid, userId, ringId }: RingRef,
  { key: pushTokenKey, provider }: PushToken,
  { stop }: PushRecord,
): Promise<void> {
  if (!stop?.notify || provider !== 'firebase') return;
  await ringJobs.send([{ type: 'retry-notice', cid, userId, ringId, pushTokenKey: pushTokenKey, attempt: 1 }]);
}
