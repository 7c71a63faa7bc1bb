import * as z from 'zod';
import type { PushOutcome } from '#ports/push-sender.ts';

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

const body = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z.array(z.looseObject({ '@type': z.string().optional(), errorCode: z.string().optional() })).default([]),
  }),
});

/** What FCM answered instead of taking a message. */
export interface FcmAnswer {
  readonly status: number;
  readonly data?: unknown;
}

/** What an answer of FCM means for the push. @see https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
export function fcmOutcome({ status, data }: FcmAnswer): PushOutcome {
  const parsed = body.safeParse(data);
  const error = parsed.success ? parsed.data.error : undefined;
  const errorCode = error?.details.find((detail) => detail['@type'] === FCM_ERROR)?.errorCode;
  const reason = errorCode ?? error?.status ?? `HTTP ${status}`;
  if (status === 429 || status >= 500) return { kind: 'retryable', status, reason };
  // A 404 without FCM's own code may be a wrong project or a proxy: no verdict on the token.
  if (errorCode === 'UNREGISTERED') return { kind: 'unregistered', status, reason };
  return { kind: 'refused', status, reason };
}
