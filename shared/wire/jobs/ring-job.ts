import * as z from 'zod';
import { STOP_TYPES } from '#domain/call/effects.ts';
import { REMOVALS } from '#domain/push-token/token.ts';
import type { RingJob } from '#ports/queues.ts';
import { storedHandset, storedPushToken } from '../stored.ts';
import { keptSignal } from './kept-signal.ts';

const stopType = z.enum(STOP_TYPES);

const oneDevice = {
  cid: z.string(),
  userId: z.string(),
  ringId: z.string(),
  pushTokenKey: z.string(),
  attempt: z.number().int().min(1),
};

/** Messages of the `ring` queue. */
export const ringJob: z.ZodType<RingJob> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ring'),
    cid: z.string(),
    userId: z.string(),
    ringId: z.string(),
    offer: keptSignal.exactOptional(),
  }),
  z.object({
    type: z.literal('stop'),
    cid: z.string(),
    stop: z.object({
      userId: z.string(),
      ringId: z.string(),
      type: stopType,
      notify: z.boolean(),
      except: storedHandset.exactOptional(),
    }),
  }),
  z.object({ type: z.literal('notice'), cid: z.string(), userId: z.string(), ringId: z.string() }),
  z.object({ type: z.literal('retry'), ...oneDevice }),
  z.object({ type: z.literal('retry-stop'), ...oneDevice, stop: z.object({ type: stopType, notify: z.boolean() }) }),
  z.object({ type: z.literal('retry-notice'), ...oneDevice }),
  z.object({
    type: z.literal('stop-removed'),
    cid: z.string(),
    ringId: z.string(),
    pushToken: storedPushToken,
    reason: z.enum(REMOVALS),
    attempt: z.number().int().min(1),
  }),
]);
