import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';

/** `outcome` with the wait that the answer's `Retry-After` asks for, given as seconds or as a date. */
export function withRetryAfter(outcome: PushOutcome, header: unknown, now: EpochMs): PushOutcome {
  if (outcome.kind !== 'retryable' || typeof header !== 'string' || header.trim() === '') return outcome;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * SECOND_MS;
  return Number.isFinite(ms) ? { ...outcome, retryAfterMs: Math.max(0, ms) } : outcome;
}
