import * as z from 'zod';
import type { Delivery } from '#ports/webhooks.ts';
import { storedMs } from '../stored.ts';

const delivery: z.ZodType<Delivery> = z.object({
  webhook: z.string(),
  id: z.string(),
  body: z.string(),
  attempt: z.number().int().min(1),
  replays: storedMs.exactOptional(),
});

/** Messages of the webhook queues: a try, or a pause before one. */
export const webhookJob = z.union([delivery, z.object({ delivery, due: storedMs })]);
