import { defined } from '#domain/defined.ts';
import { epochMs } from '#domain/time.ts';
import type { PushOutcome, Verdict } from '#ports/push-sender.ts';
import { APNS_REASONS } from './reasons.ts';

/** What APNs answered. If it did not answer, `status` is 0. */
export interface ApnsAnswer {
  readonly status: number;
  readonly reason: string;
  /** When APNs last saw that the token was dead, in milliseconds; comes with a 410. */
  readonly timestamp?: number | undefined;
}

/** What an answer from APNs means for the push. */
export function apnsOutcome({ status, reason, timestamp }: ApnsAnswer): PushOutcome {
  const verdict = verdictOf(status, reason);
  switch (verdict) {
    case 'unregistered':
      return {
        kind: verdict,
        status,
        reason,
        ...defined({ since: timestamp === undefined ? undefined : epochMs(timestamp) }),
      };
    case 'misconfigured':
      return { kind: 'refused', status, reason, misconfigured: true };
    case 'wrong_environment':
    case 'retryable':
    case 'refused':
      return { kind: verdict, status, reason };
  }
}

function verdictOf(status: number, reason: string): Verdict {
  const [expected, verdict] = (Object.hasOwn(APNS_REASONS, reason) && APNS_REASONS[reason]) || [];
  if (verdict !== undefined && expected === status) return verdict;
  return status === 0 || status === 429 || status >= 500 ? 'retryable' : 'refused';
}
