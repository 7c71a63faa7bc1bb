import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS, later } from '#domain/time.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { keys } from './keys.ts';
import { expiringAt, type Table } from './table.ts';

/** Pointers from users to their calls in DynamoDB; they go when the call does. */
export const dynamoHistoryStore = ({ db, name }: Table, retentionDays: number): HistoryStore => ({
  async add(call, userIds) {
    const expiry = expiringAt(later(call.endsAt, retentionDays * DAY_MS));
    await Promise.all(
      userIds.map((userId) =>
        db.send(
          new PutCommand({
            TableName: name,
            Item: { ...keys.history(userId, call.createdAt, call.cid), cid: call.cid, ...expiry },
          }),
        ),
      ),
    );
  },
});
