import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Call } from '#domain/call/call.ts';
import { toEpochSeconds } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { fromItem, toItem } from './call-item.ts';
import { callUpdate } from './call-update.ts';
import { keys } from './keys.ts';
import { asStored, getAll, isLive, type Row, readable, type Table, unlessLost } from './table.ts';

/** Calls in DynamoDB, kept for `retentionDays` after their end. */
export function dynamoCallStore(table: Table, retentionDays: number): CallStore {
  const { db, name } = table;
  const parse = (row: Row | undefined): Call | undefined => (isLive(table, row) ? fromItem(row) : undefined);
  /** Whether the call that is there is the one that was to be written, whatever its version. */
  const isAsWritten = (call: Call, { version, ...there }: Call): boolean =>
    isDeepStrictEqual(fromItem(asStored(toItem({ ...call, version }, retentionDays))), { ...there, version });
  return {
    async find(cid) {
      const { Item } = await db.send(new GetCommand({ TableName: name, Key: keys.call(cid), ConsistentRead: true }));
      return parse(Item);
    },

    async findAll(cids) {
      return readable(table, await getAll(table, cids.map(keys.call)), fromItem);
    },

    create(call) {
      const put = new PutCommand({
        TableName: name,
        Item: toItem(call, retentionDays),
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':now': toEpochSeconds(table.clock()) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(put).then(() => ({ kind: 'created' as const })),
        (row, again) => {
          const there = fromItem(row ?? {});
          return { kind: again && isAsWritten(call, there) ? ('created' as const) : ('exists' as const), call: there };
        },
      );
    },

    apply(change) {
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.call(change.from.cid),
        ...callUpdate(change),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(({ Attributes }) => ({ kind: 'saved' as const, call: fromItem(Attributes ?? {}) })),
        (row, again) => {
          const there = parse(row);
          if (again && there && isAsWritten(change.to, there)) return { kind: 'saved' as const, call: there };
          return { kind: 'conflict' as const, call: there };
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
