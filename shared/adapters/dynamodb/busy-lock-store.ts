import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { BusyLock, BusyLockRef, BusyLockStore } from '#ports/busy-lock-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, newWriteId, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({ cid: z.string(), version: z.number().default(0), claimedAt: storedMs, expiresAt: storedMs });

/** The busy lock in a row of the table. */
export const busyLockOf = (row: Row): BusyLock => item.parse(row);

/** No call has the lock, or none that counts. */
const FREE = 'attribute_not_exists(pk) OR expiresAt <= :now OR (cid = :over AND claimedAt = :overAt)';

/** The call has it already, by what is known of it now or was known before. Whoever makes a call may be a stranger to one of its id. */
const OF_SAME_CALL = '(cid = :cid AND claimedBy <> :by AND (attribute_not_exists(version) OR version <= :version))';

/** Busy locks in DynamoDB: one row each. */
export function dynamoBusyLockStore({ db, name, clock }: Table): BusyLockStore {
  const removeIf = async (ConditionExpression: string, values: Row, of: BusyLockRef): Promise<void> => {
    const Key = keys.busyLock(of);
    const remove = new DeleteCommand({
      TableName: name,
      Key,
      ConditionExpression,
      ExpressionAttributeValues: values,
    });
    await unlessLost(db.send(remove), () => undefined);
  };

  return {
    claim(of, { cid, version, claimedAt, expiresAt, claimedBy = newWriteId() }, over) {
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.busyLock(of),
        UpdateExpression:
          'SET cid = :cid, version = :version, claimedAt = :at, expiresAt = :until, #ttl = :ttl, claimedBy = :by, claimedFrom = if_not_exists(cid, :none)',
        ConditionExpression: version === 0 ? FREE : `${FREE} OR ${OF_SAME_CALL}`,
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':cid': cid,
          ':version': version,
          ':at': claimedAt,
          ':until': expiresAt,
          ':ttl': expiringAt(expiresAt).ttl,
          ':by': claimedBy,
          ':none': '',
          ':now': clock(),
          ':over': over?.cid ?? '',
          ':overAt': over?.claimedAt ?? 0,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const outcome = (now: Row = {}) => {
        const isClaimed = now['claimedBy'] === claimedBy && now['claimedFrom'] !== cid;
        if (isClaimed) return 'claimed' as const;
        // Somebody who knew the call as it was later may have claimed it before.
        return now['cid'] === cid ? ('held' as const) : busyLockOf(now);
      };
      return unlessLost(
        db.send(update).then(({ Attributes }) => outcome(Attributes)),
        outcome,
      );
    },

    async take(userId, busyLock) {
      await db.send(
        new PutCommand({
          TableName: name,
          Item: { ...keys.busyLock({ userId }), ...busyLock, ...expiringAt(busyLock.expiresAt) },
        }),
      );
    },

    release: (of, { cid, version }) =>
      removeIf(
        'cid = :cid AND (attribute_not_exists(version) OR version < :version)',
        { ':cid': cid, ':version': version },
        of,
      ),

    giveUp: (of, claimedBy) => removeIf('claimedBy = :by', { ':by': claimedBy }, of),
  };
}
