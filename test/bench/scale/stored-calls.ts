import { randomBytes } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { toItem } from '#adapters/dynamodb/call-item.ts';
import { keys } from '#adapters/dynamodb/keys.ts';
import { packed } from '#adapters/dynamodb/packed.ts';
import { expiringAt, type Row } from '#adapters/dynamodb/table.ts';
import type { Call } from '#domain/call/call.ts';
import { newCall } from '#domain/call/new-call.ts';
import { DAY_MS, epochMs, HOUR_MS, later, SECOND_MS } from '#domain/time.ts';
import type { BenchStack } from './bench-stack.ts';
import { eachOf } from './each-of.ts';

/** The rows that an answered call of two leaves behind: the call, a pointer for each member, the push record, and four rows of its trace. */
const TRACES = 4;
export const ROWS_A_CALL = 4 + TRACES;
const RETENTION_DAYS = 30;
const BATCH = 25;

/**
 * Writes the rows that calls between these users have left. The calls are older than twelve hours: a connection that closes reads
 * the user's later calls, and how many of those there are is not measured here.
 */
export async function storeCalls({ db, table }: BenchStack, rows: number, people: readonly string[]): Promise<void> {
  const calls = Math.ceil(rows / ROWS_A_CALL);
  const all = Array.from({ length: calls }, (_, nth) => rowsOf(pastCall(people, nth, calls)))
    .flat()
    .slice(0, rows);
  const batches = Array.from({ length: Math.ceil(rows / BATCH) }, (_, nth) =>
    all.slice(nth * BATCH, (nth + 1) * BATCH),
  );
  await eachOf(batches, 4, async (batch) => {
    const puts = batch.map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems = {} } = await db.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('the table did not take all rows');
  });
}

/** A call that was answered and hung up at some time within the retention. */
function pastCall(people: readonly string[], nth: number, of: number): Call {
  const caller = people[nth % people.length] ?? '';
  const callee = people[(nth + 1 + Math.floor(nth / people.length)) % people.length] ?? '';
  const age = 13 * HOUR_MS + (nth / of) * (RETENTION_DAYS - 1) * DAY_MS;
  const at = epochMs(Math.floor(Date.now() - age));
  const created = newCall(
    {
      cid: `default:past-${String(nth).padStart(7, '0')}-${randomBytes(4).toString('hex')}`,
      caller: { id: caller, name: 'Alice' },
      callerOn: { tokenFingerprint: randomBytes(16).toString('hex'), connectionId: randomBytes(8).toString('hex') },
      members: [{ userId: callee }],
      video: true,
      custom: {},
      ringMs: 45_000,
      busy: 'reject',
      maxDurationMs: 12 * HOUR_MS,
    },
    at,
  );
  const endedAt = later(at, 200 * SECOND_MS);
  return { ...created, status: 'ended', endedAt, endedReason: 'completed', endedBy: caller, version: 4 };
}

function rowsOf(call: Call): Row[] {
  const userIds = Object.keys(call.members);
  const expiry = expiringAt(later(call.endsAt, RETENTION_DAYS * DAY_MS));
  const ringId = randomBytes(8).toString('hex');
  const push = keys.push({ cid: call.cid, userId: userIds[1] ?? '', ringId });
  const traces = Array.from({ length: TRACES }, (_, nth) => {
    const at = later(call.createdAt, nth * SECOND_MS);
    const events = [
      { at, event: 'push_accepted', userId: userIds[1], details: { provider: 'apn', attempt: 1, ms: 80 } },
    ];
    return { ...keys.trace(call.cid, at, randomBytes(4).toString('hex')), events: packed(events), ...expiry };
  });
  return [
    toItem(call, RETENTION_DAYS),
    ...userIds.map((userId) => ({ ...keys.history(userId, call.createdAt, call.cid), cid: call.cid, ...expiry })),
    { ...push, devices: { [randomBytes(32).toString('base64url')]: 'accepted' }, attempts: {}, ...expiry },
    ...traces,
  ];
}
