import * as z from 'zod';
import { TOKEN_KINDS } from '#domain/identity.ts';
import type { RoomJob } from '#ports/queues.ts';
import { EVICTION_REASONS } from '#ports/room-link.ts';
import { storedMs } from '../stored.ts';

const seat = { roomId: z.string(), connectionId: z.string() };
const attempt = z.number().int().min(0);

/** Messages of the `room` queue. */
export const roomJob: z.ZodType<RoomJob> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('join'),
    ...seat,
    attempt,
    token: z.object({ kind: z.enum(TOKEN_KINDS), issuedAt: storedMs.exactOptional() }),
  }),
  z.object({ type: z.literal('evict'), userId: z.string(), ...seat, attempt, why: z.enum(EVICTION_REASONS) }),
  z.object({ type: z.literal('keep_alive'), roomId: z.string(), due: storedMs }),
]);
