import * as z from 'zod';
import { STOP_TYPES } from '#domain/call/effects.ts';
import { DIALECTS } from '#domain/dialect.ts';
import { TOKEN_KINDS } from '#domain/identity.ts';
import { REMOVALS } from '#domain/push-token/token.ts';
import type { EraseJob, HelloJob, RingJob, SocketJob, SurplusJob, TimerJob } from '#ports/queues.ts';
import { storedHandset, storedMs, storedPushToken } from '../stored.ts';
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

/** Messages of the `deadline` queue. */
export const deadlineJob: z.ZodType<TimerJob | EraseJob> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deadline'), cid: z.string(), at: storedMs }),
  z.object({
    type: z.literal('unreachable'),
    cid: z.string(),
    userId: z.string(),
    ringId: z.string(),
    at: storedMs,
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

/** Messages of the `socketio` queue. */
export const socketJob: z.ZodType<SocketJob> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), sid: z.string(), attempt: z.number().int().min(0) }),
  z.object({ type: z.literal('hello'), hello: helloJob }),
  z.object({ type: z.literal('ping'), sid: z.string(), socket: z.string() }),
  z.object({ type: z.literal('unconnected'), sid: z.string() }),
  z.object({ type: z.literal('unupgraded'), sid: z.string() }),
  z.object({ type: z.literal('ice'), sid: z.string(), userId: z.string(), at: storedMs }),
]);
