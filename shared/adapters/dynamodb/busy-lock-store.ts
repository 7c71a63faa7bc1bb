import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { BusyLock, BusyLockRef, BusyLockStore } from '#ports/busy-lock-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, newWriteId, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({ cid: z.string(), claimedAt: storedMs, expiresAt: storedMs });

/** The busy lock in a row of the table. */
export const busyLockOf = (row: Row): BusyLock => item.parse(row);

/** Busy locks in DynamoDB: one row each. */
export function dynamoBusyLockStore({ db, name, clock }: Table): BusyLockStore {
  const row = (of: BusyLockRef, busyLock: BusyLock): Row => ({
    ...keys.busyLock(of),
    ...busyLock,
    ...expiringAt(busyLock.expiresAt),
  });
  return {
    claim(of, busyLock, over) {
      const claimedBy = newWriteId();
      const put = new PutCommand({
        TableName: name,
        Item: { ...row(of, busyLock), claimedBy },
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
        (old = {}) => {
          if (old['claimedBy'] === claimedBy) return 'claimed' as const;
          const held = busyLockOf(old);
          return held.cid === busyLock.cid ? ('held' as const) : held;
        },
      );
    },

    async take(userId, busyLock) {
      await db.send(new PutCommand({ TableName: name, Item: row({ userId }, busyLock) }));
    },

    async release(of, cid) {
      const remove = new DeleteCommand({
        TableName: name,
        Key: keys.busyLock(of),
        ConditionExpression: 'cid = :cid',
        ExpressionAttributeValues: { ':cid': cid },
      });
      await unlessLost(db.send(remove), () => undefined);
    },
  };
}
