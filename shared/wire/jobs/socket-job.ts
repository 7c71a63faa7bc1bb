import * as z from 'zod';
import type { SocketJob } from '#ports/queues.ts';
import { storedMs } from '../stored.ts';
import { helloJob } from './hello-jobs.ts';

/** Messages of the `socketio` queue. */
export const socketJob: z.ZodType<SocketJob> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), sid: z.string(), attempt: z.number().int().min(0) }),
  z.object({ type: z.literal('hello'), hello: helloJob }),
  z.object({ type: z.literal('ping'), sid: z.string(), socket: z.string() }),
  z.object({ type: z.literal('unconnected'), sid: z.string() }),
  z.object({ type: z.literal('unupgraded'), sid: z.string() }),
  z.object({ type: z.literal('ice'), sid: z.string(), userId: z.string(), at: storedMs }),
]);
