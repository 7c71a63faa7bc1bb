import { createHash } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { once } from '#domain/once.ts';
import { recordName, type Shown } from '#domain/shown.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import type { SaidTo, ShownCalls } from '#ports/shown-calls.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges } from './keys.ts';
import { expiringAt, isLive, newWriteId, queryRange, readable, type Table, unlessLost } from './table.ts';

/** Longer than the longest call. */
const LIFE_MS = 25 * HOUR_MS;

/** Much longer than a call takes to be announced. */
const SAID_LIFE_MS = 10 * MINUTE_MS;

const telling = /* @__PURE__ */ once(() =>
  z.object({ at: storedMs, claimed: z.array(z.string()), shown: z.array(z.string()) }),
);

const item = once(
  (): z.ZodType<Shown> =>
    z.object({
      userId: z.string(),
      handset: z.string(),
      version: z.number(),
      connectionId: z.string(),
      hardwareId: z.string().exactOptional(),
      sessionId: z.string().exactOptional(),
      cid: z.string().exactOptional(),
      past: z.string().exactOptional(),
      othersRingUntil: storedMs.exactOptional(),
      told: z.object({
        ring: telling().exactOptional(),
        answer: telling().exactOptional(),
        over: telling().exactOptional(),
      }),
      began: z
        .object({
          cid: z.string(),
          at: storedMs,
          to: z.string().exactOptional(),
          isOver: z.literal(true).exactOptional(),
        })
        .exactOptional(),
      hungUp: z.object({ at: storedMs, to: z.string().exactOptional() }).exactOptional(),
    }),
);

const saidItem = /* @__PURE__ */ once(() => {
  const texts = z.set(z.string()).default(new Set());
  return z.object({ said: texts, saidBy: texts });
});

const said = ({ name }: Table, { cid, connectionId }: SaidTo) => ({
  TableName: name,
  Key: keys.said(cid, connectionId),
});

/** Short, since a row may hold many. */
const markOf = (id: string): string => createHash('sha256').update(id).digest('base64url').slice(0, 8);

/** What phones show, in DynamoDB: one row for each phone that is told no ids of calls. */
export const dynamoShownCalls = (table: Table): ShownCalls => ({
  async find(on) {
    const Key = keys.shownCall(on.userId, recordName(on));
    const { Item } = await table.db.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    const [shown] = readable(table, isLive(table, Item) ? [Item] : [], (row) => item().parse(row));
    return shown;
  },

  async list(userId) {
    return readable(table, await queryRange(table, ranges.shownCalls(userId)), (row) => item().parse(row));
  },

  async claimSaid(of, ids) {
    const byMark = new Map(ids.map((id) => [markOf(id), id]));
    const { ttl } = expiringAt(later(table.clock(), SAID_LIFE_MS));
    const saidBy = newWriteId();
    const answer = await table.db.send(
      new UpdateCommand({
        ...said(table, of),
        UpdateExpression: 'ADD said :marks, saidBy :saidBy SET #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':marks': new Set(byMark.keys()), ':saidBy': new Set([saidBy]), ':ttl': ttl },
        ReturnValues: 'ALL_OLD',
      }),
    );
    const before = saidItem().parse(answer.Attributes ?? {});
    // If the answer was lost, nobody knows what others had said before. What is said twice does less harm than what nobody says.
    const isSaid = (mark: string): boolean => before.said.has(mark) && !before.saidBy.has(saidBy);
    return new Set([...byMark].flatMap(([mark, id]) => (isSaid(mark) ? [] : [id])));
  },

  async wasSaid(of, id) {
    const { Item } = await table.db.send(new GetCommand({ ...said(table, of), ConsistentRead: true }));
    return saidItem()
      .parse(Item ?? {})
      .said.has(markOf(id));
  },

  async unclaimSaid(of, ids) {
    await table.db.send(
      new UpdateCommand({
        ...said(table, of),
        UpdateExpression: 'DELETE said :marks',
        ExpressionAttributeValues: { ':marks': new Set(ids.map(markOf)) },
      }),
    );
  },

  save(shown) {
    const writtenBy = newWriteId();
    const Item = {
      ...keys.shownCall(shown.userId, shown.handset),
      ...shown,
      version: shown.version + 1,
      writtenBy,
      ...expiringAt(later(table.clock(), LIFE_MS)),
    };
    const put = new PutCommand({
      TableName: table.name,
      Item,
      ConditionExpression: 'version = :version OR (attribute_not_exists(pk) AND :version = :none)',
      ExpressionAttributeValues: { ':version': shown.version, ':none': 0 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return unlessLost(
      table.db.send(put).then(() => true),
      (row) => row?.['writtenBy'] === writtenBy,
    );
  },
});
