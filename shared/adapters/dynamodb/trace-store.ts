import { randomBytes } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY_MS, later } from '#domain/time.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { keys, ranges } from './keys.ts';
import { packed, packedOf } from './packed.ts';
import { expiringAt, isLive, queryRange, storedMs, type Table } from './table.ts';

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

/** Traces in DynamoDB: one row an invocation, kept as long as an ended call. */
export const dynamoTraceStore = (table: Table, retentionDays: number): TraceStore => ({
  async write(cid, events, name) {
    const first = events[0];
    if (!first) return;
    const key = name === undefined ? keys.trace(cid, first.at, randomBytes(4).toString('hex')) : keys.named(cid, name);
    const expiry = expiringAt(later(first.at, retentionDays * DAY_MS));
    await table.db.send(new PutCommand({ TableName: table.name, Item: { ...key, events: packed(events), ...expiry } }));
  },

  async has(cid, name) {
    const key = { TableName: table.name, Key: keys.named(cid, name), ConsistentRead: true };
    const { Item } = await table.db.send(new GetCommand(key));
    return isLive(table, Item);
  },

  async read(cid) {
    const rows = await queryRange(table, ranges.trace(cid));
    return rows.flatMap((row): TraceEvent[] => item.parse(row).events).toSorted((a, b) => a.at - b.at);
  },
});
