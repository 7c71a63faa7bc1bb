import * as z from 'zod';
import type { RoomJob } from '#ports/queues.ts';
import { storedMs } from '../stored.ts';

/** Messages of the `room` queue. */
export const roomJob: z.ZodType<RoomJob> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('join'),
    roomId: z.string(),
    connectionId: z.string(),
    attempt: z.number().int().min(0),
  }),
  z.object({ type: z.literal('keep_alive'), roomId: z.string(), due: storedMs }),
]);
