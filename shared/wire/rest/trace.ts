import * as z from 'zod';
import { moment } from '../basics.ts';

/** One thing that happened to a ring; which fields it has besides the first three depends on what it was. */
export const traceEvent = z
  .object({
    at: moment,
    event: z.string(),
    user_id: z.string().exactOptional(),
    ring_id: z.string().exactOptional(),
    type: z.string().exactOptional(),
    provider: z.string().exactOptional(),
    device: z.string().exactOptional(),
    attempt: z.int().exactOptional(),
    provider_message_id: z.string().exactOptional(),
    latency_ms: z.number().exactOptional(),
    status: z.int().exactOptional(),
    reason: z.string().exactOptional(),
    retry_in_ms: z.number().exactOptional(),
    connection_id: z.string().exactOptional(),
    hardware_id: z.string().exactOptional(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean()]));

/** What came of the ring of one callee, in words. */
export const verdict = z.strictObject({ user_id: z.string(), verdict: z.string() });

/** What happened to the rings of a call. */
export const trace = z.strictObject({ verdict: z.string(), verdicts: z.array(verdict), trace: z.array(traceEvent) });
