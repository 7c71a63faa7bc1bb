import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StreamRecord } from '#local/aws/dynamodb-streams/shards.ts';
import type { StreamMapping } from '#local/aws/dynamodb-streams/stream-mapping.ts';
import { shardSource } from '#local/aws/dynamodb-streams/stream-source.ts';
import { openUsage } from '#local/lab/metering/usage.ts';

const stopping = new AbortController();
afterEach(() => vi.restoreAllMocks());

const MAPPING: StreamMapping = {
  streamArn: 'arn',
  tableName: 'Table',
  functionName: 'Worker',
  batchSize: 10,
  parallel: 4,
  bisects: true,
  partialFailures: true,
  retries: -1,
  maxAgeMs: -1,
  onFailure: undefined,
  filters: [],
};

let sequence = 0;
const written = (pk: string, sk = 'CALL', ageMs = 0): StreamRecord => {
  sequence += 1;
  return {
    eventID: `e${sequence}`,
    eventName: 'INSERT',
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      SequenceNumber: String(sequence),
      ApproximateCreationDateTime: new Date(Date.now() - ageMs),
    },
  };
};

type Handler = (keys: string[], event: DynamoDBStreamEvent) => unknown;

/** A source whose records go to `handler`, with what has been handled, and given up, and the positions to be kept, so far. */
function aSource(handler: Handler, mapping: Partial<StreamMapping> = {}) {
  const batches: string[][] = [];
  const givenUp: object[] = [];
  const kept: (string | undefined)[] = [];
  const usage = openUsage(false);
  const source = shardSource(
    {
      mapping: { ...MAPPING, ...mapping },
      shardId: 'shard',
      streamArn: 'arn',
      target: {
        name: 'EventsWorker',
        invoke: async (event) => {
          const { Records } = event as DynamoDBStreamEvent;
          const keys = Records.map(({ eventID = '' }) => eventID);
          batches.push(keys);
          return handler(keys, { Records });
        },
      },
      usage,
      stopping: stopping.signal,
      giveUp: (what) => givenUp.push(what),
      onDone: () => kept.push(source.doneUpTo()),
    },
    undefined,
  );
  const idle = () => vi.waitFor(() => expect(source.isIdle()).toBe(true), { timeout: 20_000 });
  return { source, batches, givenUp, kept, usage, idle };
}

describe('the records of a stream', () => {
  it('go to the function in the order of their partition, one batch at a time, and partitions side by side', async () => {
    let under = 0;
    let most = 0;
    const { source, batches, idle } = aSource(
      async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, 5));
        under -= 1;
      },
      { batchSize: 2 },
    );
    const records = Array.from({ length: 40 }, (_, i) => written(`CALL#${i % 8}`));
    source.take(records.slice(0, 20));
    source.take(records.slice(20));
    await idle();
    const order = batches.flat();
    expect(order.toSorted()).toEqual(records.map(({ eventID = '' }) => eventID).toSorted());
    for (let call = 0; call < 8; call += 1) {
      const own = records.filter(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S === `CALL#${call}`);
      const places = own.map(({ eventID = '' }) => order.indexOf(eventID));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
    expect(most).toBeGreaterThan(1);
    expect(source.doneUpTo()).toBe(records.at(-1)?.dynamodb?.SequenceNumber);
  });

  it('are done with up to the first that is not, however many have overtaken it', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { source, batches, kept, idle } = aSource((keys) => (keys.includes(slow.eventID ?? '') ? held : undefined), {
      batchSize: 1,
    });
    // Their partitions have lanes of their own.
    const [before, slow, next, last] = [written('b'), written('a'), written('b'), written('b')];
    source.take([before, slow, next, last]);
    await vi.waitFor(() => expect(batches).toContainEqual([last.eventID]));
    expect(source.doneUpTo()).toBe(before.dynamodb?.SequenceNumber);
    expect(source.isIdle()).toBe(false);
    release();
    await idle();
    expect(kept).toEqual([before, last].map(({ dynamodb }) => dynamodb?.SequenceNumber));
    expect(source.doneUpTo()).toBe(last.dynamodb?.SequenceNumber);
  });

  it('are done with even if the stream was read again from the position before them', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { source, batches, idle } = aSource(() => held);
    const records = [written('a'), written('a')];
    source.take(records);
    source.take(records);
    release();
    await idle();
    await vi.waitFor(() => expect(batches.flat()).toHaveLength(4));
    expect(source.isIdle()).toBe(true);
    expect(source.doneUpTo()).toBe(records[1]?.dynamodb?.SequenceNumber);
  });

  it('that a filter does not let through invoke nothing, and are counted', async () => {
    const filters = [
      { dynamodb: { Keys: { sk: { S: ['CALL'] } } } },
      { dynamodb: { Keys: { sk: { S: [{ prefix: 'DEVICE#' }] } } } },
    ];
    const { source, batches, usage, idle } = aSource(() => undefined, { filters });
    source.take([written('a', 'TRACE#1'), written('a', 'CALL#1')]);
    const [device, call] = [written('a', 'DEVICE#apn#1'), written('a')];
    source.take([device, call]);
    await idle();
    expect(batches.flat()).toEqual([device.eventID, call.eventID]);
    expect(usage.report().streams).toEqual({ events: { records: 4, matched: 2 } });
  });

  it('come again from the one that the function reports, with those behind it', async () => {
    let failures = 0;
    const { source, batches, idle } = aSource((keys, { Records }) => {
      const place = keys.indexOf(second.eventID ?? '');
      if (place < 0 || failures === 2) return { batchItemFailures: [] };
      failures += 1;
      return { batchItemFailures: [{ itemIdentifier: Records[place]?.dynamodb?.SequenceNumber }] };
    });
    const [first, second, third] = [written('a'), written('a'), written('a')];
    source.take([first, second, third]);
    await idle();
    const ids = [first, second, third].map(({ eventID }) => eventID);
    expect(batches).toEqual([ids, ids.slice(1), ids.slice(1)]);
  });

  it('of which one crashes the function are halved until it is alone, and only that one is given up', async () => {
    const { source, batches, givenUp, idle } = aSource(
      (keys) => {
        if (keys.includes(poison.eventID ?? '')) throw new Error('crash');
      },
      { retries: 1 },
    );
    const records = Array.from({ length: 5 }, () => written('a'));
    const poison = records[2] ?? written('a');
    source.take(records);
    await idle();
    const { SequenceNumber } = poison.dynamodb ?? {};
    expect(givenUp).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: { startSequenceNumber: SequenceNumber, endSequenceNumber: SequenceNumber, batchSize: 1 },
      },
    ]);
    const handled = batches.filter((keys) => !keys.includes(poison.eventID ?? '')).flat();
    expect(new Set(handled)).toEqual(new Set(records.filter((each) => each !== poison).map(({ eventID }) => eventID)));
  });

  it('are given up once they are too old, and not before', async () => {
    const { source, batches, givenUp, idle } = aSource(() => undefined, { maxAgeMs: 60_000 });
    const [old, fresh] = [written('a', 'CALL', 61_000), written('a')];
    source.take([old, fresh]);
    await idle();
    expect(batches).toEqual([[fresh.eventID]]);
    expect(givenUp).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  });
});
