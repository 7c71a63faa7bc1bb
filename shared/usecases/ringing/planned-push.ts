import type { Call } from '#domain/call/call.ts';
import type { Stop } from '#domain/call/effects.ts';
import type { PushToken, Removal } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { missedPush, stopPush } from '../push/make-push.ts';
import { type PlanRetryDeps, planRetry } from '../push/plan-retry.ts';
import { type SendPushDeps, sendPush } from '../push/send-push.ts';

/** A stop or a missed-call notice for one push token, and the job that makes the next attempt at it. */
export interface PlannedPush {
  readonly pushToken: PushToken;
  readonly push: Push;
  readonly again: (attempt: number) => RingJob;
}

/** The ring that a stop or a notice is about, and the token that gets it. */
interface Target {
  readonly call: Call;
  readonly ringId: string;
  readonly pushToken: PushToken;
}

const ringOf = ({ ringId, pushToken: { userId } }: Target) => ({ userId, ringId });

const attemptAt = ({ call, ringId, pushToken }: Target, attempt: number) => ({
  cid: call.cid,
  userId: pushToken.userId,
  ringId,
  pushTokenKey: pushToken.key,
  attempt,
});

/** Silences a phone that may ring. */
export const plannedStop = (target: Target, stop: Pick<Stop, 'type' | 'notify'>, now: EpochMs): PlannedPush => ({
  pushToken: target.pushToken,
  push: stopPush(target.call, { ...ringOf(target), ...stop }, now),
  again: (attempt) => ({ type: 'retry-stop', ...attemptAt(target, attempt), stop }),
});

/** Silences a phone whose push token leaves its user, whoever ends the ring of the others. */
export const plannedRemovalStop = (target: Target, reason: Removal, now: EpochMs): PlannedPush => ({
  pushToken: target.pushToken,
  push: stopPush(target.call, { ...ringOf(target), type: 'call.ended', notify: false }, now),
  again: (attempt) => ({
    type: 'stop-removed',
    cid: target.call.cid,
    ringId: target.ringId,
    pushToken: target.pushToken,
    reason,
    attempt,
  }),
});

/** Tells a phone of a call that it missed. */
export const plannedNotice = (target: Target, now: EpochMs): PlannedPush => ({
  pushToken: target.pushToken,
  push: missedPush(target.call, ringOf(target), now),
  again: (attempt) => ({ type: 'retry-notice', ...attemptAt(target, attempt) }),
});

export interface SendPlannedDeps extends SendPushDeps, PlanRetryDeps {}

/** Makes attempt number `attempt` at each of these pushes, side by side, and plans the next one if one is worth it. */
export const sendPlanned = (deps: SendPlannedDeps) => {
  const send = sendPush(deps);
  const retry = planRetry(deps);
  return async (planned: readonly PlannedPush[], attempt: number): Promise<TraceEvent[]> => {
    const traces = await Promise.all(
      planned.map(async ({ pushToken, push, again }) => {
        const { outcome, trace } = await send(pushToken, push, attempt);
        await retry({ outcome, attempt, expiresAt: push.expiresAt, again });
        return trace;
      }),
    );
    return traces.flat();
  };
};
