import * as z from 'zod';
import type { EpochMs } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { Answer } from '../http2/channel.ts';
import { withRetryAfter } from '../http2/retry-after.ts';
import { WEB_PUSH_STATUSES } from './statuses.ts';

/** What an answer of a push service means for the push. A redirect is a refusal: nobody follows it. */
export function webPushOutcome(answer: Answer, now: EpochMs): PushOutcome {
  const { status, headers } = answer;
  if (status >= 200 && status <= 299) return { kind: 'accepted', messageId: messageId(headers) };
  const reason = status === 0 ? answer.text : reasonIn(answer);
  const unlisted = status === 0 || status >= 500 ? 'retryable' : 'refused';
  const verdict = WEB_PUSH_STATUSES[status] ?? unlisted;
  switch (verdict) {
    case 'misconfigured':
      return { kind: 'refused', status, reason, misconfigured: true };
    case 'unauthorized':
      return { kind: 'refused', status, reason, unauthorized: true };
    case 'unregistered':
    case 'wrong_environment':
    case 'retryable':
    case 'refused':
      return withRetryAfter({ kind: verdict, status, reason }, headers['retry-after'], now);
  }
}

/** The service's own name for the message: the last part of its address, which by itself gives nobody access to it. */
function messageId({ location }: Answer['headers']): string {
  const [, name] = (typeof location === 'string' && /([^/]+)\/?$/.exec(location)) || [];
  return name ?? 'unnamed';
}

/** Apple says why in JSON. What others say may name the subscription, so only their status counts. */
const apples = z.object({ reason: z.string().regex(/^[A-Za-z]{1,64}$/) });

function reasonIn({ status, text }: Answer): string {
  try {
    return apples.parse(JSON.parse(text)).reason;
  } catch {
    return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? `HTTP ${status}`;
  }
}
