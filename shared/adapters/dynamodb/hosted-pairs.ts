import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { HostedPairs } from '#ports/hosted-pairs.ts';
import { keys } from './keys.ts';
import { expiringAt, isLive, type Table } from './table.ts';

const item = z.object({ cid: z.string() });

/** The latest hosted call of each two people in DynamoDB: one row, with the user whose id sorts first. */
export function dynamoHostedPairs(table: Table): HostedPairs {
  const { db, name } = table;
  const keyOf = (one: string, other: string) => keys.hostedPair(one < other ? [one, other] : [other, one]);
  return {
    async find(one, other) {
      const get = new GetCommand({ TableName: name, Key: keyOf(one, other), ConsistentRead: true });
      const { Item } = await db.send(get);
      return isLive(table, Item) ? item.parse(Item).cid : undefined;
    },

    async put(one, other, { cid, expiresAt }) {
      const Item = { ...keyOf(one, other), cid, ...expiringAt(expiresAt) };
      await db.send(new PutCommand({ TableName: name, Item }));
    },
  };
}
