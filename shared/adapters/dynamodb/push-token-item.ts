import * as z from 'zod';
import { ID_TYPES, PUSH_PROVIDERS, type PushToken } from '#domain/push-token/token.ts';
import { keys } from './keys.ts';
import { type Row, storedMs } from './table.ts';

const item = z.object({
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

/** The push token in a row of the table. */
export const pushTokenOf = (row: Row): PushToken => item.parse(row);

/** Where a device stands in the table. */
export const pushTokenRowKey = ({
  userId,
  provider,
  key,
}: Pick<PushToken, 'userId' | 'provider' | 'key'>): { pk: string; sk: string } => keys.pushToken(userId, provider, key);
