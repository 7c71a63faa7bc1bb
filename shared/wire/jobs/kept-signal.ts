import * as z from 'zod';
import { SIGNAL_TYPES } from '#ports/mailbox.ts';
import { storedMs } from '../stored.ts';

/** A signal in the mailbox, and in the job of the ring that it came with. */
export const keptSignal = z.object({
  type: z.enum(SIGNAL_TYPES),
  from: z.string(),
  fromName: z.string().exactOptional(),
  at: storedMs,
  seq: z.number().exactOptional(),
  body: z.record(z.string(), z.unknown()),
});
