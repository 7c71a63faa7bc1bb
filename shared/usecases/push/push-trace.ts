import { type PushToken, tracedToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { TraceEvent } from '#ports/trace.ts';

/** One attempt at a push: when it was made, how it ended, and whether the device went with it. */
export interface PushAttempt {
  readonly pushToken: PushToken;
  readonly push: Push;
  /** From 1. */
  readonly attempt: number;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly outcome: PushOutcome;
  readonly removed: boolean;
}

/** What the trace says of an attempt at a push. */
export function pushTrace({
  pushToken,
  push,
  attempt,
  startedAt,
  endedAt,
  outcome,
  removed,
}: PushAttempt): readonly TraceEvent[] {
  const about = {
    ...tracedToken(pushToken),
    type: typeOf(push),
    ring_id: push.ringId,
    attempt,
  };
  const event = (at: EpochMs, name: string, more: TraceEvent['details'] = {}): TraceEvent => ({
    at,
    event: name,
    userId: pushToken.userId,
    details: { ...about, ...more },
  });
  const attempted = event(startedAt, 'push.attempted');
  switch (outcome.kind) {
    case 'withheld': {
      const reason = outcome.unconfigured ? 'provider_not_configured' : 'provider_is_failing';
      return [event(endedAt, 'push.skipped', { reason, cause: outcome.reason })];
    }
    case 'accepted': {
      const accepted = { provider_message_id: outcome.messageId, latency_ms: endedAt - startedAt };
      return [attempted, event(endedAt, 'push.accepted', accepted)];
    }
    case 'unregistered':
    case 'wrong_environment':
    case 'retryable':
    case 'refused': {
      const { status, reason } = outcome;
      const failed = event(endedAt, 'push.failed', { status, reason });
      return [attempted, failed, ...(removed ? [event(endedAt, 'device.removed', { reason })] : [])];
    }
  }
}

/** What the push says that it is: the `type` among its keys. */
function typeOf(push: Push): string {
  switch (push.kind) {
    case 'ring':
      return 'call.ring';
    case 'stop':
      return push.type;
    case 'missed':
      return 'call.missed';
  }
}
