import { epochMs } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';

/** What APNs answered, or that it did not: then `status` is 0. */
export interface ApnsAnswer {
  readonly status: number;
  readonly reason: string;
  /** Milliseconds, with a 410: when APNs last saw that the token was dead. */
  readonly timestamp?: number | undefined;
}

const DEAD: ReadonlySet<string> = new Set(['Unregistered', 'ExpiredToken']);

/** Refusals that are over with the next attempt: a new provider token is minted, a new connection made. */
const PASSING: ReadonlySet<string> = new Set(['ExpiredProviderToken', 'IdleTimeout']);

/** What an answer of APNs means for the push. @see https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
export function apnsOutcome({ status, reason, timestamp }: ApnsAnswer): PushOutcome {
  if (status === 410 && DEAD.has(reason)) {
    return { kind: 'unregistered', status, reason, ...(timestamp !== undefined && { since: epochMs(timestamp) }) };
  }
  if (reason === 'BadDeviceToken') return { kind: 'wrong_environment', status, reason };
  if (status === 0 || status === 429 || status >= 500 || PASSING.has(reason))
    return { kind: 'retryable', status, reason };
  return { kind: 'refused', status, reason };
}
