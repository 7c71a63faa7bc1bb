import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY_MS, type EpochMs, later } from '#domain/time.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges } from './keys.ts';
import { packed, packedOf } from './packed.ts';
import { expiringAt, newWriteId, queryRange, readable, type Table, unlessLost } from './table.ts';

const item = z.object({
  events: packedOf(
    z.array(
      z.object({
        at: storedMs,
        event: z.string(),
        userId: z.string().exactOptional(),
        details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
      }),
    ),
  ),
});

/** Traces in DynamoDB: one row for each invocation, kept as long as an ended call. */
export function dynamoTraceStore(table: Table, retentionDays: number): TraceStore {
  const { db, name: TableName } = table;
  const row = (key: object, events: readonly TraceEvent[], at: EpochMs) => ({
    TableName,
    Item: { ...key, events: packed(events), ...expiringAt(later(at, retentionDays * DAY_MS)) },
  });
  return {
    async write(cid, events) {
      const first = events[0];
      if (!first) return;
      const key = keys.trace(cid, first.at, newWriteId());
      await db.send(new PutCommand(row(key, events, first.at)));
    },

    writeOnce(cid, name, event) {
      const writtenBy = newWriteId();
      const put = row({ ...keys.namedTrace(cid, name), writtenBy }, [event], event.at);
      return unlessLost(
        db
          .send(
            new PutCommand({
              ...put,
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          )
          .then(() => true),
        (there) => there?.['writtenBy'] === writtenBy,
      );
    },

    ...dynamoTraces(table),
  };
}

/** Traces in DynamoDB, to read. */
export const dynamoTraces = (table: Table): Pick<TraceStore, 'read'> => ({
  async read(cid) {
    const rows = await queryRange(table, ranges.trace(cid));
    const events = readable(table, rows, (one): TraceEvent[] => item.parse(one).events).flat();
    return events.toSorted((a, b) => a.at - b.at);
  },
});
