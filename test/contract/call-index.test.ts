import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { dynamoCallIndex } from '#adapters/dynamodb/call-index.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import type { Call } from '#domain/call/call.ts';
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, later } from '#domain/time.ts';
import type { CallIndex, CallIndexQuery } from '#ports/call-index.ts';
import { aRingingCall } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const MIDNIGHT = epochMs(Date.parse('2011-03-01T00:00:00Z'));
let years = 0;

/** A span of days in which no other test makes calls. */
const ownDays = (): EpochMs => {
  years += 1;
  return later(MIDNIGHT, years * 400 * DAY_MS);
};

const storesAt = (now: EpochMs) => {
  const table = dynamoTable(inject('dynamodb').table, () => now);
  return { calls: dynamoCallStore(table, 30), history: dynamoHistoryStore(table, 30), index: dynamoCallIndex(table) };
};

const callAt = (createdAt: EpochMs, callees = ['bob']): Call => {
  const id = randomUUID();
  return { ...aRingingCall(callees), id, cid: `default:${id}`, createdAt, endsAt: later(createdAt, 12 * HOUR_MS) };
};

/** In the order of the list: the newest first, and of one moment the one whose cid sorts last. */
const newestFirst = (calls: readonly Call[]): string[] =>
  calls.toSorted((a, b) => b.createdAt - a.createdAt || (a.cid < b.cid ? 1 : -1)).map(({ cid }) => cid);

/** Reads all pages. A list that does not come to its end fails. */
async function readAll(index: CallIndex, query: CallIndexQuery, limit: number): Promise<string[]> {
  const cids: string[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 500; pages += 1) {
    const page = await index.page({ ...query, ...(after !== undefined && { after }) }, limit);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    cids.push(...page.entries.map(({ cid }) => cid));
    if (page.next === undefined) return cids;
    after = page.next;
  }
  throw new Error('the list does not end');
}

describe('the calls of the stage', () => {
  it('come newest first, each once, across days and shards, whatever the size of a page and the span', async () => {
    const day = ownDays();
    const { calls, index } = storesAt(later(day, 4 * DAY_MS));
    // Many of one moment, some at the turn of a day.
    const moments = [0, 1, 1, 1, 1, 1, 1, 1, 500, DAY_MS - 1, DAY_MS, DAY_MS, 2 * DAY_MS - 1, 3 * DAY_MS + 7];
    const made = moments.map((ms) => callAt(later(day, ms)));
    await Promise.all(made.map((call) => calls.create(call)));
    const moment = fc.integer({ min: -2, max: 4 * DAY_MS }).map((ms) => later(day, ms));
    const edge = fc.constantFrom(...moments).map((ms) => later(day, ms));
    const stretches = fc.tuple(fc.oneof(moment, edge), fc.oneof(moment, edge), fc.integer({ min: 1, max: 20 }));
    await fc.assert(
      fc.asyncProperty(stretches, async ([from, to, limit]) => {
        const within = made.filter(({ createdAt }) => createdAt >= from && createdAt < to);
        expect(await readAll(index, { from, to }, limit)).toEqual(newestFirst(within));
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('are found behind months without any, page by page', async () => {
    const day = ownDays();
    const { calls, index } = storesAt(later(day, 100 * DAY_MS));
    const old = callAt(day);
    await calls.create(old);
    const query = { from: day, to: later(day, 100 * DAY_MS) };
    const first = await index.page(query, 10);
    expect(first.entries).toEqual([]);
    expect(first.next).toBeDefined();
    expect(await readAll(index, query, 10)).toEqual([old.cid]);
  });
});

describe('the calls of a user', () => {
  it('are those of their history, and those that they must not know of, each once', async () => {
    const day = ownDays();
    const { history, index } = storesAt(later(day, DAY_MS));
    const bob = `bob-${randomUUID()}`;
    const made = [0, 5, 5, 9, 70_000].map((ms) => callAt(later(day, ms), [bob]));
    const hiding = made.map((call, i) =>
      i % 2 === 0
        ? call
        : { ...call, members: { ...call.members, [bob]: { ...call.members[bob], unheard: 'blocked_call' } } },
    ) as Call[];
    for (const call of hiding) await history.add(call, [bob]);
    // He has learned of one of them since.
    await history.add(made[1] as Call, [bob]);
    const query = { userId: bob, from: day, to: later(day, DAY_MS) };
    for (const limit of [1, 2, 5, 100]) expect(await readAll(index, query, limit)).toEqual(newestFirst(made));
    const own = await history.list(bob, 100);
    expect(own.entries.map(({ cid }) => cid).toSorted()).toEqual(
      made
        .filter((_, i) => i % 2 === 0 || i === 1)
        .map(({ cid }) => cid)
        .toSorted(),
    );
    expect(await readAll(index, { ...query, from: later(day, 5), to: later(day, 9) }, 10)).toEqual(
      newestFirst(made.slice(1, 3)),
    );
  });
});
