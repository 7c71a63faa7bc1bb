import { z } from 'zod';
import type { PushProvider } from './push-log.ts';

const isAnswer = (status: number): boolean => [200, 201, 202].includes(status) || (status >= 300 && status <= 599);

const outcomeSchema = z.object({
  status: z.int().refine(isAnswer, 'expected 200, 201, 202, a redirect or an error status').default(200),
  /** FCM: an error code such as `UNREGISTERED`. APNs and Web Push: a reason such as `BadDeviceToken`. Absent: the usual one for the status. */
  reason: z.string().optional(),
  /** Seconds, sent as the `Retry-After` header. */
  retry_after: z.number().min(0).optional(),
  /** Web Push: where a redirect leads. Absent: to a path of its own at the same service. */
  location: z.url().optional(),
  delay_ms: z.number().min(0).max(600_000).optional(),
  /** `true` closes the connection without an answer. `silent` keeps it open and never answers. */
  drop: z.union([z.boolean(), z.literal('silent')]).optional(),
  /** With `drop`: whether the push was accepted, so that only its answer is lost. */
  delivered: z.boolean().optional(),
  /** Epoch milliseconds of an APNs 410. Absent: now. */
  timestamp: z.int().optional(),
  /** Limits the outcome to one environment of APNs. */
  environment: z.enum(['production', 'sandbox']).optional(),
});

const outcomesSchema = z.array(outcomeSchema);

/** How a fake is to treat one request. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** The outcomes that tests have scripted, by token. */
export interface OutcomeScript {
  /** Adds outcomes to a token's queue. Throws an Error that names the path of an invalid field. */
  add(token: string, outcomes: unknown): void;
  /** Takes the next outcome for a request out of the queue. */
  take(token: string, provider: PushProvider): Outcome | undefined;
}

/** Starts with an empty script: every valid request succeeds. */
export function openOutcomeScript(): OutcomeScript {
  const queues = new Map<string, Outcome[]>();
  return {
    add(token, outcomes) {
      if (token === '') throw new Error('token: expected a push token');
      queues.set(token, [...(queues.get(token) ?? []), ...parse(outcomes)]);
    },
    take(token, provider) {
      const queue = queues.get(token) ?? [];
      const index = queue.findIndex((outcome) => appliesTo(outcome, provider));
      return index < 0 ? undefined : queue.splice(index, 1)[0];
    },
  };
}

function parse(outcomes: unknown): Outcome[] {
  const parsed = outcomesSchema.safeParse(outcomes);
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map(({ path, message }) => `${['outcomes', ...path].join('.')}: ${message}`).join('; '),
  );
}

const environments = { fcm: undefined, apns: 'production', 'apns-sandbox': 'sandbox', webpush: undefined } as const;

const appliesTo = ({ environment }: Outcome, provider: PushProvider): boolean =>
  environment === undefined || environment === environments[provider];
