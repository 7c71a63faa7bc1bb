import * as z from 'zod';
import { moment } from '../basics.ts';

/** One event of a ring. Which fields it has besides the first three depends on the event. */
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
    retry_in_ms: z.int().exactOptional(),
    connection_id: z.string().exactOptional(),
    hardware_id: z.string().exactOptional(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean()]));

/** How the ring of one callee went, in words. */
export const verdict = z.strictObject({ user_id: z.string(), verdict: z.string() });

/** The events of all rings of a call. */
export const trace = z.strictObject({ verdict: z.string(), verdicts: z.array(verdict), trace: z.array(traceEvent) });
