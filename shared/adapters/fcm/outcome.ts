import * as z from 'zod';
import type { PushOutcome, Verdict } from '#ports/push-sender.ts';
import { FCM_CODES, GOOGLE_REASONS } from './codes.ts';

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

const detail = z.looseObject({
  '@type': z.string().optional(),
  errorCode: z.string().optional(),
  reason: z.string().optional(),
});

const body = z.object({
  error: z.object({ status: z.string().optional(), details: z.array(detail).default([]) }),
});

/** FCM's answer to a message that it did not take. */
export interface FcmAnswer {
  readonly status: number;
  readonly data?: unknown;
}

/** What an answer from FCM means for the push. A 404 without FCM's own code says nothing about the token: the project may be wrong, or a proxy may have answered. */
export function fcmOutcome({ status, data }: FcmAnswer): PushOutcome {
  const parsed = body.safeParse(data);
  const error = parsed.success ? parsed.data.error : undefined;
  const code = error?.details.find((one) => one['@type'] === FCM_ERROR)?.errorCode;
  const ofGoogle = error?.details.find((one) => one['@type'] === ERROR_INFO)?.reason;
  const reason = code ?? ofGoogle ?? error?.status ?? `HTTP ${status}`;
  const verdict = verdictOf(status, code === undefined ? entry(GOOGLE_REASONS, ofGoogle) : entry(FCM_CODES, code));
  switch (verdict) {
    case 'misconfigured':
      return { kind: 'refused', status, reason, misconfigured: true };
    case 'unregistered':
    case 'wrong_environment':
    case 'retryable':
    case 'refused':
      return { kind: verdict, status, reason };
  }
}

const entry = (table: typeof FCM_CODES, key: string | undefined): Verdict | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key]?.[1] : undefined;

const verdictOf = (status: number, verdict: Verdict | undefined): Verdict =>
  status === 429 || status >= 500 ? 'retryable' : (verdict ?? 'refused');
