import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Engagement, EngagementStore } from '#ports/engagement-store.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, storedMs, type Table, unlessLost } from './table.ts';

const item = z.object({ cid: z.string(), claimedAt: storedMs, expiresAt: storedMs });

/** The engagement in a row of the table. */
export const engagementOf = (row: Row): Engagement => item.parse(row);

/** Engagements in DynamoDB: one row a user. */
export function dynamoEngagementStore({ db, name, clock }: Table): EngagementStore {
  const row = (userId: string, engagement: Engagement): Row => ({
    ...keys.engagement(userId),
    ...engagement,
    ...expiringAt(engagement.expiresAt),
  });
  return {
    claim(userId, engagement, over) {
      const put = new PutCommand({
        TableName: name,
        Item: row(userId, engagement),
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
          const standing = engagementOf(old ?? {});
          return standing.cid === engagement.cid ? ('held' as const) : standing;
        },
      );
    },

    async take(userId, engagement) {
      await db.send(new PutCommand({ TableName: name, Item: row(userId, engagement) }));
    },

    async release(userId, cid) {
      const remove = new DeleteCommand({
        TableName: name,
        Key: keys.engagement(userId),
        ConditionExpression: 'cid = :cid',
        ExpressionAttributeValues: { ':cid': cid },
      });
      await unlessLost(db.send(remove), () => undefined);
    },
  };
}
