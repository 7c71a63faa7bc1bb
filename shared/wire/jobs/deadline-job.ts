import * as z from 'zod';
import type { EraseJob, TimerJob } from '#ports/queues.ts';
import { storedMs } from '../stored.ts';

/** Messages of the `deadline` queue. */
export const deadlineJob: z.ZodType<TimerJob | EraseJob> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deadline'), cid: z.string(), at: storedMs }),
  z.object({
    type: z.literal('unreachable'),
    cid: z.string(),
    userId: z.string(),
    ringId: z.string(),
    at: storedMs,
    isUntold: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('vanish'), cid: z.string(), userId: z.string(), at: storedMs }),
  z.object({
    type: z.literal('catch-up'),
    cid: z.string(),
    userId: z.string(),
    connectionId: z.string(),
    attempt: z.number().int().min(0),
    at: storedMs,
  }),
  z.object({ type: z.literal('erase'), userId: z.string(), at: storedMs }),
]);
