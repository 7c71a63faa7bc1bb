import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { type Guard, MAX_BLOCKS, type Preferences } from '#domain/protection/guard.ts';
import { epochMs } from '#domain/time.ts';
import type { Block, GuardStore } from '#ports/guard-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { getAll, type Row, type Table, unlessLost } from './table.ts';

const preferences = z.object({
  /** A moment, or always. */
  doNotDisturb: z.union([z.literal(true), storedMs]).optional(),
});

const BLOCK = 'block ';

/**
 * What users let through, in DynamoDB: one row a user, so that a ring reads one. Each block is an attribute of its own,
 * so that it is looked up and written without the others.
 */
export function dynamoGuardStore(table: Table): GuardStore {
  const { db, name } = table;
  const row = (userId: string) => ({ TableName: name, Key: keys.guard(userId) });
  const read = async (userId: string): Promise<Row> =>
    (await db.send(new GetCommand({ ...row(userId), ConsistentRead: true }))).Item ?? {};
  return {
    async against(caller, userIds) {
      const attributes = ['pk', 'doNotDisturb', `${BLOCK}${caller}`];
      const rows = await getAll(table, userIds.map(keys.guard), { attributes, isConsistent: false });
      const found = new Map(rows.map((guard) => [guard['pk'], guard]));
      return new Map(userIds.map((userId) => [userId, guardOf(found.get(keys.guard(userId).pk) ?? {}, caller)]));
    },

    block(userId, { userId: other, createdAt }) {
      const update = new UpdateCommand({
        ...row(userId),
        UpdateExpression: 'SET #block = :at ADD #blocks :one',
        ConditionExpression: 'attribute_not_exists(#block) AND (attribute_not_exists(#blocks) OR #blocks < :most)',
        ExpressionAttributeNames: { '#block': `${BLOCK}${other}`, '#blocks': 'blocks' },
        ExpressionAttributeValues: { ':at': createdAt, ':one': 1, ':most': MAX_BLOCKS },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(() => true),
        (old) => old?.[`${BLOCK}${other}`] !== undefined,
      );
    },

    async unblock(userId, other) {
      const update = new UpdateCommand({
        ...row(userId),
        UpdateExpression: 'REMOVE #block ADD #blocks :less',
        ConditionExpression: 'attribute_exists(#block)',
        ExpressionAttributeNames: { '#block': `${BLOCK}${other}`, '#blocks': 'blocks' },
        ExpressionAttributeValues: { ':less': -1 },
      });
      await unlessLost(db.send(update), () => undefined);
    },

    async blocks(userId) {
      return Object.entries(await read(userId))
        .filter(([attribute]) => attribute.startsWith(BLOCK))
        .map(([attribute, at]): Block => ({ userId: attribute.slice(BLOCK.length), createdAt: storedMs.parse(at) }));
    },

    preferences: async (userId) => preferencesOf(await read(userId)),

    async setPreferences(userId, { doNotDisturb }) {
      const stored = typeof doNotDisturb === 'object' ? doNotDisturb.until : doNotDisturb;
      const update = new UpdateCommand({
        ...row(userId),
        UpdateExpression: stored === undefined ? 'REMOVE doNotDisturb' : 'SET doNotDisturb = :chosen',
        ...(stored !== undefined && { ExpressionAttributeValues: { ':chosen': stored } }),
      });
      await db.send(update);
    },
  };
}

const guardOf = (row: Row, caller: string): Guard => ({
  hasBlocked: row[`${BLOCK}${caller}`] !== undefined,
  ...preferencesOf(row),
});

function preferencesOf(row: Row): Preferences {
  const { doNotDisturb } = preferences.parse(row);
  return defined({ doNotDisturb: typeof doNotDisturb === 'number' ? { until: epochMs(doNotDisturb) } : doNotDisturb });
}
