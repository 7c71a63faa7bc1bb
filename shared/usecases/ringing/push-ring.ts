import { type Call, memberOf } from '#domain/call/call.ts';
import { isOn } from '#domain/push-token/ring-plan.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { Queue, RingJob } from '#ports/queues.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { stopPush } from '../push/make-push.ts';
import { type PlanRetryDeps, planRetry } from '../push/plan-retry.ts';
import { type SendPushDeps, sendPush } from '../push/send-push.ts';
import type { RecordPush } from './record-together.ts';
import { skippedTrace } from './skipped-trace.ts';

export interface PushRingDeps extends SendPushDeps, PlanRetryDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** One attempt to ring a handset by one of its push tokens. */
export interface RingAttempt {
  readonly call: Call;
  readonly ring: RingRef;
  readonly pushToken: PushToken;
  /** Absent if the ring was over already. */
  readonly push: Push | undefined;
  /** From 1. */
  readonly attempt: number;
  /** How far the push to this token was before. */
  readonly before: PushState | undefined;
  readonly record: RecordPush;
}

/** How an attempt to ring a handset ended. The record is there if it was written. */
export interface Rung {
  readonly state: PushState;
  readonly record?: PushRecord;
  readonly trace: readonly TraceEvent[];
}

/** States of a push after which a phone may ring. */
const MAY_RING: ReadonlySet<PushState | undefined> = new Set(['accepted', 'unknown']);

/** Makes one attempt at one push token: records its answer, plans another attempt, and silences a ring that ended meanwhile. */
export const pushRing = (deps: PushRingDeps) => {
  const send = sendPush(deps);
  const retry = planRetry(deps);

  return async (tried: RingAttempt): Promise<Rung> => {
    const { ring, pushToken, push, attempt, before, record } = tried;
    if (!push) {
      const skipped = skippedTrace({ at: deps.clock(), ring, reason: 'ring_is_over', pushToken });
      return { state: before ?? 'sending', trace: [skipped] };
    }
    const { outcome, trace } = await send(pushToken, push, attempt);
    if (outcome.kind === 'accepted') recordRingTaken(deps, tried);
    const { cid, userId, ringId } = ring;
    // Before the answer is recorded, so that a crash in between makes one attempt too many, never one too few.
    const retryMs = await retry({
      outcome,
      attempt,
      expiresAt: push.expiresAt,
      again: (next) => ({ type: 'retry', cid, userId, ringId, pushTokenKey: pushToken.key, attempt: next }),
    });
    const told = stateOf(outcome);
    // An attempt that was refused takes nothing back of an earlier one after which the phone may ring.
    const state = MAY_RING.has(before) && !MAY_RING.has(told) ? 'unknown' : told;
    const written = await record(pushToken.key, state);
    const silenced = MAY_RING.has(state) ? await silenceLate(tried, written) : [];
    if (!MAY_RING.has(state) && before === 'sending') await notifyLate(tried, written);
    return { state, record: written, trace: [...withRetry(trace, retryMs), ...silenced] };
  };

  /** A push that was taken after the stop went out is followed by a stop of its own. */
  async function silenceLate(
    { call, ring: { cid, userId, ringId }, pushToken }: RingAttempt,
    { stop }: PushRecord,
  ): Promise<readonly TraceEvent[]> {
    if (!stop || pushToken.provider !== 'firebase' || (stop.except && isOn(pushToken, stop.except))) return [];
    const { type, notify } = stop;
    const push = stopPush(call, { ringId, type, notify }, deps.clock());
    const { outcome, trace } = await send(pushToken, push, 1);
    await retry({
      outcome,
      attempt: 1,
      expiresAt: push.expiresAt,
      again: (attempt) => ({
        type: 'retry-stop',
        cid,
        userId,
        ringId,
        pushTokenKey: pushToken.key,
        attempt,
        stop: { type, notify },
      }),
    });
    return trace;
  }

  /** The stop took this phone for one that rings, whose stop is the missed-call notice: it gets a notice of its own. */
  async function notifyLate(
    { ring: { cid, userId, ringId }, pushToken: { key: pushTokenKey, provider } }: RingAttempt,
    { stop }: PushRecord,
  ): Promise<void> {
    if (!stop?.notify || provider !== 'firebase') return;
    await deps.ringJobs.send([{ type: 'retry-notice', cid, userId, ringId, pushTokenKey, attempt: 1 }]);
  }
};

/** Records how long the callee has waited for their phone to ring; for a token registered meanwhile, from then on. */
function recordRingTaken(
  { meter, clock }: PushRingDeps,
  { call, pushToken: { userId, provider, createdAt } }: RingAttempt,
): void {
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
