import * as z from 'zod';
import { DIALECTS } from '#domain/dialect.ts';
import { TOKEN_KINDS } from '#domain/identity.ts';
import type { HelloJob, SurplusJob } from '#ports/queues.ts';
import { storedMs } from '../stored.ts';

/** Messages of the `hello` queue. */
export const helloJob: z.ZodType<HelloJob> = z.object({
  connectionId: z.string(),
  attempt: z.number().int().min(0),
  dialect: z.enum(DIALECTS),
  user: z.object({
    userId: z.string(),
    name: z.string().exactOptional(),
    image: z.string().exactOptional(),
    kind: z.enum(TOKEN_KINDS),
    issuedAt: storedMs.exactOptional(),
    cid: z.string().exactOptional(),
    hardwareId: z.string().exactOptional(),
    sessionId: z.string().exactOptional(),
    tokenFingerprint: z.string(),
  }),
  connectedAt: storedMs,
});

/** The other messages of the `hello` queue. */
export const surplusJob: z.ZodType<SurplusJob> = z.object({ type: z.literal('surplus'), userId: z.string() });
