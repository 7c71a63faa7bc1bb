import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges, removedOneByOne } from './keys.ts';
import { queryRange, type Row, type Table } from './table.ts';

const item = z.object({ at: storedMs });

/** The moment in the row of a sign-out. */
export const signedOutAt = (row: Row): EpochMs => item.parse(row).at;

/** How long an answer is used again. With what the table may be behind, it is less than the 5 s that a sign-out may take. */
const KEPT_MS = 3 * SECOND_MS;
/** More users than one instance of a function meets in that time. */
const MAX_KEPT = 5000;
const AT_ONCE = 25;

/** Sign-outs in DynamoDB: one row for each user who ever signed out everywhere. */
export function dynamoSignOutStore(table: Table): SignOutStore {
  const { db, name, clock } = table;
  const kept = new Map<string, { readonly found: EpochMs | undefined; readonly readAt: EpochMs }>();

  const read = async (userId: string, ConsistentRead: boolean): Promise<EpochMs | undefined> => {
    const { Item } = await db.send(new GetCommand({ TableName: name, Key: keys.signOut(userId), ConsistentRead }));
    return Item && signedOutAt(Item);
  };

  return {
    async record(userId, at) {
      const update = new UpdateCommand({
        TableName: name,
        Key: keys.signOut(userId),
        UpdateExpression: 'SET #at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': at },
      });
      await db.send(update);
    },

    async find(userId) {
      const now = clock();
      const known = kept.get(userId);
      if (known && now - known.readAt < KEPT_MS) return known.found;
      const found = await read(userId, false);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(userId, { found, readAt: now });
      return found;
    },

    findNow: (userId) => read(userId, true),

    async erase(userId) {
      const rows = (await queryRange(table, ranges.user(userId))).filter(({ sk }) => !removedOneByOne(String(sk)));
      while (rows.length > 0) {
        const next = rows.splice(0, AT_ONCE);
        await Promise.all(next.map(({ pk, sk }) => db.send(new DeleteCommand({ TableName: name, Key: { pk, sk } }))));
      }
    },
  };
}
