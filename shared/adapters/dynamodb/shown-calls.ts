import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { recordName, type Shown } from '#domain/shown.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import type { ShownCalls } from '#ports/shown-calls.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges } from './keys.ts';
import { expiringAt, isLive, queryRange, readable, type Table, unlessLost } from './table.ts';

/** Longer than the longest call. */
const LIFE_MS = 25 * HOUR_MS;

const telling = z.object({ at: storedMs, claimed: z.array(z.string()), shown: z.array(z.string()) });

const item: z.ZodType<Shown> = z.object({
  userId: z.string(),
  handset: z.string(),
  version: z.number(),
  connectionId: z.string(),
  hardwareId: z.string().exactOptional(),
  sessionId: z.string().exactOptional(),
  cid: z.string().exactOptional(),
  told: z.object({
    ring: telling.exactOptional(),
    answer: telling.exactOptional(),
    over: telling.exactOptional(),
  }),
  began: z.object({ cid: z.string(), at: storedMs }).exactOptional(),
  hungUpAt: storedMs.exactOptional(),
});

/** What phones show, in DynamoDB: one row for each phone that is told no ids of calls. */
export const dynamoShownCalls = (table: Table): ShownCalls => ({
  async find(on) {
    const Key = keys.shownCall(on.userId, recordName(on));
    const { Item } = await table.db.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    const [shown] = readable(table, isLive(table, Item) ? [Item] : [], (row) => item.parse(row));
    return shown;
  },

  async list(userId) {
    return readable(table, await queryRange(table, ranges.shownCalls(userId)), (row) => item.parse(row));
  },

  save(shown) {
    const put = new PutCommand({
      TableName: table.name,
      Item: {
        ...keys.shownCall(shown.userId, shown.handset),
        ...shown,
        version: shown.version + 1,
        ...expiringAt(later(table.clock(), LIFE_MS)),
      },
      ConditionExpression: 'version = :version OR (attribute_not_exists(pk) AND :version = :none)',
      ExpressionAttributeValues: { ':version': shown.version, ':none': 0 },
    });
    return unlessLost(
      table.db.send(put).then(() => true),
      () => false,
    );
  },
});
