import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { once } from '#domain/once.ts';
import { PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import type { RemovedPushToken, UserRecords } from '#ports/user-records.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges } from './keys.ts';
import { countersOf } from './ring-counters.ts';
import { isLive, queryRange, type Row, readable, type Table } from './table.ts';

/** What is left of a push token that was removed. */
export const tombstone = /* @__PURE__ */ once(() =>
  z.object({
    device: z.string(),
    provider: z.enum(PUSH_PROVIDERS),
    providerName: z.string(),
    voip: z.boolean(),
    sandbox: z.boolean(),
    hardwareId: z.string().exactOptional(),
    refreshedAt: storedMs,
    reason: z.string(),
    removedAt: storedMs,
  }),
);

const removedOf = (row: Row): RemovedPushToken => tombstone().parse(row);

const count = /* @__PURE__ */ once(() => z.number().default(0));

/** What is kept of users in DynamoDB for people who look for a reason. */
export const dynamoUserRecords = (table: Table): UserRecords => ({
  async removedPushTokens(userId) {
    return readable(table, await queryRange(table, ranges.tombstones(userId)), removedOf);
  },

  async startedRings(userId, at) {
    const { Item } = await table.db.send(new GetCommand({ TableName: table.name, Key: keys.rings(userId, at) }));
    const row = isLive(table, Item) ? Item : {};
    const { hour, minute } = countersOf(at);
    return { inHour: count().parse(row[hour]), inMinute: count().parse(row[minute]) };
  },
});
