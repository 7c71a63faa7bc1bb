import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { HOUR_MS, later, toEpochSeconds } from '#domain/time.ts';
import type { ProviderFaults } from '#ports/provider-faults.ts';
import type { ProviderFault } from '#ports/report.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table, unlessLost } from './table.ts';

/** After so many users a fault is the provider's, and not that of one user's tokens. */
export const FAILING_USERS = 2;

/** How long a fault is one and the same. */
const SAME_FAULT_MS = HOUR_MS;

const item = z.object({
  provider: z.enum(PUSH_PROVIDERS),
  name: z.string(),
  reason: z.string(),
  since: storedMs,
  users: z.set(z.string()),
});

/** The fault in a row of the table, and how many users it has met. */
export function faultOf(row: Row): { readonly fault: ProviderFault; readonly users: number } {
  const { users, ...fault } = item.parse(row);
  return { fault, users: users.size };
}

/** Faults of push providers in DynamoDB: one row a provider, which begins anew every hour. */
export function dynamoProviderFaults({ db, name: TableName, clock }: Table): ProviderFaults {
  return {
    async record({ provider, name, reason, userId }) {
      const key = keys.providerFault(provider, name);
      const now = clock();
      const users = new Set([userId]);
      const joined = new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: 'ADD #users :users',
        ConditionExpression: 'reason = :reason AND #ttl > :now AND size(#users) < :enough',
        ExpressionAttributeNames: { '#users': 'users', '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':users': users,
          ':reason': reason,
          ':now': toEpochSeconds(now),
          ':enough': FAILING_USERS,
        },
      });
      const isKnown = await unlessLost(
        db.send(joined).then(() => true),
        () => false,
      );
      if (isKnown) return;
      const begun = new PutCommand({
        TableName,
        Item: { ...key, provider, name, reason, since: now, users, ...expiringAt(later(now, SAME_FAULT_MS)) },
        ConditionExpression: 'attribute_not_exists(pk) OR reason <> :reason OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':reason': reason, ':now': toEpochSeconds(now) },
      });
      await unlessLost(db.send(begun), () => undefined);
    },

    async clear({ provider, name }) {
      await db.send(new DeleteCommand({ TableName, Key: keys.providerFault(provider, name) }));
    },
  };
}
