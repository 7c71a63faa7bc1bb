import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Call } from '#domain/call/call.ts';
import { toEpochSeconds } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { fromItem, toItem } from './call-item.ts';
import { callUpdate } from './call-update.ts';
import { keys } from './keys.ts';
import { getAll, isLive, newWriteId, type Row, readable, type Table, unlessLost } from './table.ts';

/** Calls in DynamoDB, kept for `retentionDays` after their end. */
export function dynamoCallStore(table: Table, retentionDays: number): CallStore {
  const { db, name } = table;
  const parse = (row: Row | undefined): Call | undefined => (isLive(table, row) ? fromItem(row) : undefined);
  return {
    async find(cid) {
      const { Item } = await db.send(new GetCommand({ TableName: name, Key: keys.call(cid), ConsistentRead: true }));
      return parse(Item);
    },

    async findAll(cids) {
      return readable(table, await getAll(table, cids.map(keys.call)), fromItem);
    },

    create(call) {
      const writtenBy = newWriteId();
      const put = new PutCommand({
        TableName: name,
        Item: { ...toItem(call, retentionDays), writtenBy },
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':now': toEpochSeconds(table.clock()) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(put).then(() => ({ kind: 'created' as const })),
        (row = {}) => {
          const kind = row['writtenBy'] === writtenBy ? ('created' as const) : ('exists' as const);
          return { kind, call: fromItem(row) };
        },
      );
    },

    apply(change) {
      const writtenBy = newWriteId();
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.call(change.from.cid),
        ...callUpdate(change, writtenBy),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(({ Attributes }) => ({ kind: 'saved' as const, call: fromItem(Attributes ?? {}) })),
        (row) => {
          const call = parse(row);
          if (call && row?.['writtenBy'] === writtenBy) return { kind: 'saved' as const, call };
          return { kind: 'conflict' as const, call };
        },
      );
    },

    moveHandset({ cid, userId, from, to }) {
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.call(cid),
        UpdateExpression: 'SET #members.#user.handset = :to',
        ConditionExpression: from
          ? '#members.#user.handset = :from'
          : 'attribute_exists(#members.#user) AND attribute_not_exists(#members.#user.handset)',
        ExpressionAttributeNames: { '#members': 'members', '#user': userId },
        ExpressionAttributeValues: { ...(from && { ':from': from }), ':to': to },
      });
      return unlessLost(
        db.send(update).then(() => true),
        () => false,
      );
    },
  };
}
