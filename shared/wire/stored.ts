import * as z from 'zod';
import { ID_TYPES, PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { epochMs } from '#domain/time.ts';

// What rows of the table and messages of the queues have in common.

/** A moment, in ms since 1970. */
export const storedMs = z.number().transform(epochMs);

/** A handset inside a row or a message. */
export const storedHandset = z.object({
  hardwareId: z.string().exactOptional(),
  connectionId: z.string().exactOptional(),
  sessionId: z.string().exactOptional(),
  tokenFingerprint: z.string(),
});

/** A push token with all that is known of it. */
export const storedPushToken = z.object({
  userId: z.string(),
  key: z.string(),
  token: z.string(),
  idType: z.enum(ID_TYPES),
  provider: z.enum(PUSH_PROVIDERS),
  providerName: z.string(),
  voip: z.boolean(),
  sandbox: z.boolean(),
  hardwareId: z.string().exactOptional(),
  appVersion: z.string().exactOptional(),
  keys: z.object({ p256dh: z.string(), auth: z.string() }).exactOptional(),
  createdAt: storedMs,
  refreshedAt: storedMs,
  failing: z.object({ reason: z.string(), since: storedMs }).exactOptional(),
});
