import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { BusyLock, BusyLockStore } from '#ports/busy-lock-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({ cid: z.string(), claimedAt: storedMs, expiresAt: storedMs });

/** The busy lock in a row of the table. */
export const busyLockOf = (row: Row): BusyLock => item.parse(row);

/** Busy locks in DynamoDB: one row for each user. */
export function dynamoBusyLockStore({ db, name, clock }: Table): BusyLockStore {
  const row = (userId: string, busyLock: BusyLock): Row => ({
    ...keys.busyLock(userId),
    ...busyLock,
    ...expiringAt(busyLock.expiresAt),
  });
  return {
    claim(userId, busyLock, over) {
      const put = new PutCommand({
        TableName: name,
        Item: row(userId, busyLock),
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now OR (cid = :over AND claimedAt = :overAt)',
        ExpressionAttributeValues: {
          ':now': clock(),
          ':over': over?.cid ?? '',
          ':overAt': over?.claimedAt ?? 0,
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(put).then(() => 'claimed' as const),
        (old) => {
          const held = busyLockOf(old ?? {});
          return held.cid === busyLock.cid ? ('held' as const) : held;
        },
      );
    },

    async pretend(userId, busyLock) {
      const Item = { ...row(userId, busyLock), ...keys.noLock(userId) };
      const { Attributes } = await db.send(new PutCommand({ TableName: name, Item, ReturnValues: 'ALL_OLD' }));
      return Attributes && busyLockOf(Attributes);
    },

    async take(userId, busyLock) {
      await db.send(new PutCommand({ TableName: name, Item: row(userId, busyLock) }));
    },

    async release(userId, cid) {
      const remove = new DeleteCommand({
        TableName: name,
        Key: keys.busyLock(userId),
        ConditionExpression: 'cid = :cid',
        ExpressionAttributeValues: { ':cid': cid },
      });
      await unlessLost(db.send(remove), () => undefined);
    },
  };
}
