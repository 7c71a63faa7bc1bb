import { type Call, memberOf } from '#domain/call/call.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { PushState, RingRef } from '#ports/push-log.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type PlanRetryDeps, planRetry } from '../push/plan-retry.ts';
import { type SendPushDeps, sendPush } from '../push/send-push.ts';

export interface AttemptRingDeps extends SendPushDeps, PlanRetryDeps {
  readonly clock: Clock;
  readonly meter: Meter;
}

/** One attempt to ring a handset by one of its push tokens. */
export interface RingAttempt {
  readonly call: Call;
  readonly ring: RingRef;
  readonly pushToken: PushToken;
  readonly push: Push;
  /** From 1. */
  readonly attempt: number;
  /** How far the push to this token was before. */
  readonly before: PushState | undefined;
  /** Whether somebody who crashed may have sent it already. */
  readonly mayHaveLeft: boolean;
}

/** How an attempt ended. */
export interface Attempted {
  /** What is to be recorded of the push. */
  readonly state: PushState;
  /** Whether this token will not ring its handset: then the next one is to. */
  readonly isSpent: boolean;
  readonly isRetried: boolean;
  readonly trace: readonly TraceEvent[];
}

/** States of a push after which a phone may ring. */
export const MAY_RING: ReadonlySet<PushState | undefined> = new Set(['accepted', 'unknown']);

/** Makes one attempt at one push token, and plans another one if that is worth it. */
export const attemptRing = (deps: AttemptRingDeps) => {
  const send = sendPush(deps);
  const retry = planRetry(deps);
  return async (tried: RingAttempt): Promise<Attempted> => {
    const { ring, pushToken, push, attempt, before, mayHaveLeft } = tried;
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
    // An attempt that was refused takes nothing back of an earlier one after which the phone may ring. That its token is
    // dead does: no phone rings by a dead token.
    const mayRingSinceBefore = (MAY_RING.has(before) || mayHaveLeft) && told !== 'dead';
    return {
      state: mayRingSinceBefore && !MAY_RING.has(told) ? 'unknown' : told,
      isSpent: told === 'dead' || (told === 'refused' && !MAY_RING.has(before)),
      isRetried: retryMs !== undefined,
      trace: withRetry(trace, retryMs),
    };
  };
};

/** Records how long the callee has waited for their phone to ring; for a token registered meanwhile, from then on. */
function recordRingTaken(
  { meter, clock }: AttemptRingDeps,
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
        event.event === 'push.failed'
          ? { ...event, details: { ...event.details, retry_in_ms: Math.round(retryMs) } }
          : event,
      );
