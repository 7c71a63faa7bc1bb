import * as z from 'zod';
import type { PushOutcome, Verdict } from '#ports/push-sender.ts';
import { FCM_CODES, GOOGLE_REASONS } from './codes.ts';
import { AccountRefused, NoAccessToken } from './grant.ts';

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

const taken = z.object({ name: z.string() });

/** The outcome of a message that FCM has taken. */
export const acceptedAs = (data: unknown): PushOutcome => ({
  kind: 'accepted',
  messageId: taken.safeParse(data).data?.name ?? 'unnamed',
});

/** The outcome of a push for which Google gave no access token; throws any other error again. */
export function withoutToken(error: unknown): PushOutcome {
  if (error instanceof AccountRefused)
    return { kind: 'refused', status: 0, reason: 'bad credentials', misconfigured: true };
  if (error instanceof NoAccessToken) return { kind: 'retryable', status: 0, reason: error.message };
  throw error;
}
