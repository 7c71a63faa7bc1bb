import { type Clock, type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { Queue, RingJob } from '#ports/queues.ts';

/** Far below the number of hops after which Lambda takes a chain of messages for an endless loop. */
const MAX_ATTEMPTS = 10;
/** A service that was down is asked again this often at least, as long as there are attempts left for the rest of the ring. */
const MIN_LONGEST_WAIT_MS = 4 * SECOND_MS;

/** How long to wait before the next attempt at a push; nothing where there is none to make before it expires. `random`: 0 to 1. */
function retryDelayMs(
  outcome: PushOutcome,
  attempt: number,
  { now, expiresAt, random }: { now: EpochMs; expiresAt: EpochMs; random: () => number },
): number | undefined {
  if (outcome.kind !== 'retryable' || attempt >= MAX_ATTEMPTS) return undefined;
  // The attempts that are left are spread over what is left of the ring.
  const longestMs = Math.max(MIN_LONGEST_WAIT_MS, (expiresAt - now) / (MAX_ATTEMPTS - attempt));
  // Not all in the same second: a service that was down for many is asked again by few at a time. Never more than the
  // whole: a queue waits whole seconds, rounded up, and the first wait is to be one.
  const backoffMs = Math.min(SECOND_MS * 2 ** (attempt - 1), longestMs) * (0.5 + random() / 2);
  const delayMs = Math.max(outcome.retryAfterMs ?? 0, backoffMs);
  return now + delayMs < expiresAt ? delayMs : undefined;
}

/** Whether a phone that was to be silenced by this push may ring on. */
const mayRingOn = ({ kind }: PushOutcome): boolean => kind === 'retryable' || kind === 'refused' || kind === 'withheld';

export interface PlanRetryDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly clock: Clock;
  readonly meter: Meter;
  /** 0 to 1. */
  readonly random: () => number;
}

/** An attempt at a push that has ended, and the job that makes the next one. */
export interface EndedAttempt {
  readonly outcome: PushOutcome;
  /** From 1. */
  readonly attempt: number;
  readonly expiresAt: EpochMs;
  readonly again: (attempt: number) => RingJob;
}

/** Plans another attempt if one is worth it. What comes back is the wait until then, in ms. */
export const planRetry =
  ({ ringJobs, clock, meter, random }: PlanRetryDeps) =>
  async ({ outcome, attempt, expiresAt, again }: EndedAttempt): Promise<number | undefined> => {
    const delayMs = retryDelayMs(outcome, attempt, { now: clock(), expiresAt, random });
    const next = again(attempt + 1);
    if (delayMs !== undefined) await ringJobs.send([next], delayMs);
    else if ((next.type === 'retry-stop' || next.type === 'stop-removed') && mayRingOn(outcome))
      meter.record({ type: 'stop_failed', cid: next.cid });
    return delayMs;
  };
