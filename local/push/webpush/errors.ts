import type { PushReply } from '../push-request.ts';
import type { Outcome } from '../scripted-outcomes.ts';

/** A request that breaks a rule, and the status of the answer to it. */
export interface Refusal {
  readonly status: number;
  readonly rule: string;
  readonly detail: string;
}

/** The answer to a request that breaks a rule, as Mozilla's service words it. */
export const refusalReply = ({ status, detail }: Refusal): PushReply => ({
  status,
  body: { code: status, message: detail },
});

/** The scripted answer; a reason is given as Apple gives it. */
export const scriptedReply = ({ status, reason, retry_after }: Outcome): PushReply => ({
  status,
  body: { code: status, ...(reason !== undefined && { reason }) },
  ...(retry_after !== undefined && { headers: { 'retry-after': `${retry_after}` } }),
});

/** True for a refusal that no retry can change. */
export const isFinal = ({ status }: PushReply): boolean => status >= 400 && status < 500 && status !== 429;
