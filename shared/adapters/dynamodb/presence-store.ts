import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TOKEN_KINDS } from '#domain/identity.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import type { Connection, PresenceStore } from '#ports/presence-store.ts';
import { busyLockOf } from './busy-lock-store.ts';
import { keys, ranges } from './keys.ts';
import { pushTokenOf } from './push-token-item.ts';
import { expiringAt, queryRange, type Row, storedMs, type Table, unlessLost } from './table.ts';

/** API Gateway closes a WebSocket after two hours; `$disconnect` may never tell. */
const CONNECTION_LIFE_MS = 2 * HOUR_MS + 10 * MINUTE_MS;

const connectionItem = z.object({
  id: z.string(),
  userId: z.string(),
  hardwareId: z.string().exactOptional(),
  tokenFingerprint: z.string(),
  kind: z.enum(TOKEN_KINDS),
  cid: z.string().exactOptional(),
  connectedAt: storedMs,
});

const pointer = z.object({ cid: z.string() });
const startsWith = (prefix: string) => (row: Row) => String(row['sk']).startsWith(prefix);

const connectionsIn = (rows: readonly Row[]): Connection[] =>
  rows.filter(startsWith('CONN')).map((row) => connectionItem.parse(row));

/** Connections in DynamoDB, beside the devices of their user. */
export function dynamoPresenceStore(table: Table): PresenceStore {
  const { db, name } = table;
  return {
    async reach(userId) {
      const rows = await queryRange(table, ranges.reach(userId));
      return {
        connections: connectionsIn(rows),
        pushTokens: rows.filter(startsWith('DEVICE')).map(pushTokenOf),
      };
    },

    async pending(userId, since) {
      const rows = await queryRange(table, ranges.pending(userId, since));
      const engaged = rows.find(startsWith('ENGAGED'));
      return {
        connections: connectionsIn(rows),
        recentCids: rows
          .filter(startsWith('CALL'))
          .map((row) => pointer.parse(row).cid)
          .toReversed(),
        ...(engaged && { busyLock: busyLockOf(engaged) }),
      };
    },

    async addConnection(connection) {
      const expiry = expiringAt(later(connection.connectedAt, CONNECTION_LIFE_MS));
      const item = { ...keys.connection(connection.userId, connection.id), ...connection, ...expiry };
      await db.send(new PutCommand({ TableName: name, Item: item }));
    },

    async removeConnection(userId, connectionId) {
      await db.send(new DeleteCommand({ TableName: name, Key: keys.connection(userId, connectionId) }));
    },

    claimHello(userId, connectionId) {
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.connection(userId, connectionId),
        UpdateExpression: 'SET greeted = :yes',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(greeted)',
        ExpressionAttributeValues: { ':yes': true },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(() => 'first' as const),
        (row) => (row ? ('greeted' as const) : ('gone' as const)),
      );
    },
  };
}
