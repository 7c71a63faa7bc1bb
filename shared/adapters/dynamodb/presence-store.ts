import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { DIALECTS } from '#domain/dialect.ts';
import { TOKEN_KINDS } from '#domain/identity.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import type { Connection, PresenceStore, UserSeat } from '#ports/presence-store.ts';
import { storedMs } from '#wire/stored.ts';
import { busyLockOf } from './busy-lock-store.ts';
import { keys, ranges } from './keys.ts';
import { pushTokenOf } from './push-token-item.ts';
import { signedOutAt } from './sign-out-store.ts';
import { expiringAt, newWriteId, queryRange, type Row, readable, type Table, unlessLost } from './table.ts';

/** API Gateway closes a WebSocket after two hours, and `$disconnect` may never come. */
const CONNECTION_LIFE_MS = 2 * HOUR_MS + 10 * MINUTE_MS;

const connectionItem = z.object({
  id: z.string(),
  userId: z.string(),
  hardwareId: z.string().exactOptional(),
  sessionId: z.string().exactOptional(),
  tokenFingerprint: z.string(),
  kind: z.enum(TOKEN_KINDS),
  cid: z.string().exactOptional(),
  dialect: z.enum(DIALECTS),
  connectedAt: storedMs,
});

const connectionOf = (row: Row): Connection => connectionItem.parse(row);

const seatItem = z.object({
  userId: z.string(),
  connectionId: z.string(),
  roomId: z.string(),
  connectedAt: storedMs,
});

const seatOf = (row: Row): UserSeat => seatItem.parse(row);

const pointer = z.object({ cid: z.string() });
const pointerOf = (row: Row): string => pointer.parse(row).cid;

const startsWith = (prefix: string) => (row: Row) => String(row['sk']).startsWith(prefix);

/** Connections in DynamoDB, beside the push tokens of their user. */
export function dynamoPresenceStore(table: Table): PresenceStore {
  const { db, name } = table;
  const read = <T>(rows: readonly Row[], prefix: string, parse: (row: Row) => T): T[] =>
    readable(table, rows.filter(startsWith(prefix)), parse);
  return {
    async reach(userId) {
      const rows = await queryRange(table, ranges.reach(userId));
      return {
        connections: read(rows, 'CONN#', connectionOf),
        seats: read(rows, 'CONVENES', seatOf),
        pushTokens: read(rows, 'DEVICE', pushTokenOf),
      };
    },

    async connections(userId) {
      return read(await queryRange(table, ranges.connections(userId)), 'CONN', connectionOf);
    },

    async pending(userId, since) {
      const rows = await queryRange(table, ranges.pending(userId, since));
      const [busyLock] = read(rows, 'ENGAGED', busyLockOf);
      const [at] = read(rows, 'CUTOFF', signedOutAt);
      return {
        connections: read(rows, 'CONN#', connectionOf),
        seats: read(rows, 'CONVENES', seatOf),
        recentCids: read(rows, 'CALL', pointerOf).toReversed(),
        ...defined({ busyLock, signedOutAt: at }),
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

    async addSeat(seat) {
      const expiry = expiringAt(later(seat.connectedAt, CONNECTION_LIFE_MS));
      const Item = { ...keys.seat(seat.userId, seat.connectionId), ...seat, ...expiry };
      await db.send(new PutCommand({ TableName: name, Item }));
    },

    async removeSeat(userId, connectionId) {
      await db.send(new DeleteCommand({ TableName: name, Key: keys.seat(userId, connectionId) }));
    },

    claimHello(userId, connectionId) {
      const id = newWriteId();
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.connection(userId, connectionId),
        UpdateExpression: 'SET helloClaimed = :id',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(helloClaimed)',
        ExpressionAttributeValues: { ':id': id },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(() => 'first' as const),
        (row) => {
          if (!row) return 'gone' as const;
          return row['helloClaimed'] === id ? ('first' as const) : ('claimed' as const);
        },
      );
    },
  };
}
