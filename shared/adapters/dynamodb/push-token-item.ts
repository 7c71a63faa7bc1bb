import type { PushToken } from '#domain/push-token/token.ts';
import { storedPushToken } from '#wire/stored.ts';
import { keys } from './keys.ts';
import type { Row } from './table.ts';

/** The push token in a row of the table. */
export const pushTokenOf = (row: Row): PushToken => storedPushToken.parse(row);

/** Where a device stands in the table. */
export const pushTokenRowKey = ({
  userId,
  provider,
  key,
}: Pick<PushToken, 'userId' | 'provider' | 'key'>): { pk: string; sk: string } => keys.pushToken(userId, provider, key);
