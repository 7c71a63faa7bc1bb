import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isHidden } from '#domain/call/unheard.ts';
import { DAY_MS, later } from '#domain/time.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { keys, ranges } from './keys.ts';
import { expiringAt, isLive, readable, type Table } from './table.ts';

const item = z.object({ cid: z.string(), sk: z.string() });

/** Pointers from users to their calls in DynamoDB. They expire with the call. */
export const dynamoHistoryStore = (table: Table, retentionDays: number): HistoryStore => ({
  async add(call, userIds) {
    const expiry = expiringAt(later(call.endsAt, retentionDays * DAY_MS));
    await Promise.all(
      userIds.map((userId) => {
        const key = isHidden(call, userId) ? keys.unknownHistory : keys.history;
        const Item = { ...key(userId, call.createdAt, call.cid), cid: call.cid, ...expiry };
        return table.db.send(new PutCommand({ TableName: table.name, Item }));
      }),
    );
  },

  async list(userId, limit, after) {
    const { pk, from, to } = ranges.history(userId);
    const { Items = [], LastEvaluatedKey } = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
        ScanIndexForward: false,
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: { pk, sk: `${from}${after}` } }),
      }),
    );
    const live = Items.filter((row) => isLive(table, row));
    const pointers = readable(table, live, (row) => item.parse(row));
    const cursorOf = (sk: string): string => sk.slice(from.length);
    const entries = pointers.map(({ cid, sk }) => ({ cid, cursor: cursorOf(sk) }));
    // The last row that DynamoDB looked at, expired or not: the next page starts behind it.
    return LastEvaluatedKey ? { entries, next: cursorOf(String(LastEvaluatedKey['sk'])) } : { entries };
  },
});
