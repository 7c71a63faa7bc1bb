import { createHash } from 'node:crypto';
import type { Usage } from '../../lab/metering/usage.ts';
import type { LambdaFunction } from '../lambda/invocation.ts';
import { displayName } from '../template/display-name.ts';
import { matches } from './event-pattern.ts';
import { pause, type StreamRecord } from './shards.ts';
import type { StreamMapping } from './stream-mapping.ts';

/** The pause after a batch has failed; each further one is twice as long, up to the longest. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;

/** Passes the records of one shard to a function: those of a partition one after the other. */
export interface ShardSource {
  take(records: readonly StreamRecord[]): void;
  /** The sequence number up to which everything is done with. */
  doneUpTo(): string | undefined;
  /** Whether nothing is with the function, or waits for it. */
  isIdle(): boolean;
}

export interface ShardSourceOptions {
  readonly mapping: StreamMapping;
  readonly shardId: string;
  readonly streamArn: string;
  readonly target: LambdaFunction;
  readonly usage: Pick<Usage, 'streamRecords'>;
  readonly stopping: AbortSignal;
  /** Hears of records that are given up, in the form in which Lambda tells a queue of them. */
  giveUp(what: object): void;
  /** Hears when more is done with. */
  onDone(): void;
}

/** Works on the records of a shard, in as many lanes as the mapping allows, with the position `from` which nothing is done. */
export function shardSource(options: ShardSourceOptions, from: string | undefined): ShardSource {
  const { mapping, usage, target } = options;
  const lanes = Array.from({ length: mapping.parallel }, (): StreamRecord[] => []);
  const running = new Set<StreamRecord[]>();
  /** In the order of the shard, from the first that is not done with. */
  const open = new Set<string>();
  /** Those among them that are done with, having overtaken another. */
  const done = new Set<string>();
  let position = from;

  const finish = (records: readonly StreamRecord[]): void => {
    const before = position;
    for (const sequence of records.map(sequenceOf)) if (open.has(sequence)) done.add(sequence);
    for (const sequence of open) {
      if (!done.delete(sequence)) break;
      open.delete(sequence);
      position = sequence;
    }
    if (position !== before) options.onDone();
  };

  const run = async (lane: StreamRecord[]): Promise<void> => {
    if (running.has(lane)) return;
    running.add(lane);
    while (lane.length > 0 && !options.stopping.aborted) {
      const batch = lane.slice(0, mapping.batchSize);
      await deliver(options, batch);
      if (options.stopping.aborted) break;
      lane.splice(0, batch.length);
      finish(batch);
    }
    running.delete(lane);
  };

  return {
    take(records) {
      const wanted = records.filter(
        (record) => mapping.filters.length === 0 || mapping.filters.some((each) => matches(each, record)),
      );
      usage.streamRecords(displayName(target.name), records.length, wanted.length);
      for (const record of wanted) open.add(sequenceOf(record));
      if (wanted.length === 0 && open.size === 0) position = records.at(-1)?.dynamodb?.SequenceNumber ?? position;
      for (const record of wanted) lanes[laneOf(record, lanes.length)]?.push(record);
      for (const lane of lanes) if (lane.length > 0) void run(lane);
    },
    doneUpTo: () => position,
    isIdle: () => open.size === 0,
  };
}

const sequenceOf = ({ dynamodb }: StreamRecord): string => dynamodb?.SequenceNumber ?? '';

/** Records of one partition are always in the same lane. */
const laneOf = ({ dynamodb }: StreamRecord, lanes: number): number =>
  createHash('md5').update(String(dynamodb?.Keys?.['pk']?.S)).digest().readUInt32BE(0) % lanes;

/** Has a batch handled, or given up. */
async function deliver(options: ShardSourceOptions, records: readonly StreamRecord[]): Promise<void> {
  const { mapping, stopping, giveUp } = options;
  let batch = records;
  for (let failures = 0; batch.length > 0 && !stopping.aborted; ) {
    batch = withoutOld(options, batch, failures);
    const done = await attempt(options, batch);
    if (done === batch.length) return;
    if (done === 'none' && mapping.bisects && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await deliver(options, batch.slice(0, middle));
      batch = batch.slice(middle);
      continue;
    }
    failures = done === 'none' || done === 0 ? failures + 1 : 1;
    batch = batch.slice(done === 'none' ? 0 : done);
    if (mapping.retries >= 0 && failures > mapping.retries) {
      giveUp(condition(options, batch, 'RetryAttemptsExhausted', failures));
      return;
    }
    const backoff = Math.min(BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);
    await pause(backoff, stopping);
  }
}

/** Has the function handle a batch; how many of its first records are done with, or `none` if it says nothing. */
async function attempt(
  { mapping, target, streamArn }: ShardSourceOptions,
  batch: readonly StreamRecord[],
): Promise<number | 'none'> {
  if (batch.length === 0) return 0;
  try {
    const result = await target.invoke({ Records: batch.map((record) => toRecord(record, streamArn)) });
    return mapping.partialFailures ? firstFailed(result, batch) : batch.length;
  } catch {
    return 'none';
  }
}

/** What is left of a batch once its records are given up that are too old. */
function withoutOld(
  options: ShardSourceOptions,
  batch: readonly StreamRecord[],
  failures: number,
): readonly StreamRecord[] {
  const { maxAgeMs } = options.mapping;
  const old = maxAgeMs < 0 ? [] : batch.filter((record) => ageOf(record) > maxAgeMs);
  if (old.length > 0) options.giveUp(condition(options, old, 'RecordAgeExceeded', failures));
  return batch.slice(old.length);
}

const ageOf = ({ dynamodb }: StreamRecord): number =>
  Date.now() - (dynamodb?.ApproximateCreationDateTime?.getTime() ?? Date.now());

/** How many records of the batch are done with: those before the first that the handler reports. A malformed report fails all of them, as on Lambda. */
function firstFailed(result: unknown, batch: readonly StreamRecord[]): number | 'none' {
  const failures: unknown = Object(result).batchItemFailures;
  if (failures === null || failures === undefined) return batch.length;
  if (!Array.isArray(failures)) return 'none';
  const places = failures.map((failure) =>
    batch.findIndex((record) => sequenceOf(record) === Object(failure).itemIdentifier),
  );
  return places.includes(-1) ? 'none' : Math.min(batch.length, ...places);
}

/** A record as a handler gets it from Lambda. */
const toRecord = (record: StreamRecord, streamArn: string): object => ({
  ...record,
  eventSourceARN: streamArn,
  dynamodb: {
    ...JSON.parse(
      JSON.stringify(record.dynamodb, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ),
    ),
    ApproximateCreationDateTime: (record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
  },
});

/** What Lambda tells a queue of a batch that it gives up: where its records are, not what they say. */
const condition = (
  { target, shardId, streamArn }: ShardSourceOptions,
  batch: readonly StreamRecord[],
  why: string,
  attempts: number,
): object => ({
  requestContext: { functionArn: target.name, condition: why, approximateInvokeCount: attempts },
  version: '1.0',
  timestamp: new Date().toISOString(),
  DDBStreamBatchInfo: {
    shardId,
    startSequenceNumber: batch[0] && sequenceOf(batch[0]),
    endSequenceNumber: batch.at(-1) && sequenceOf(batch.at(-1) ?? {}),
    batchSize: batch.length,
    streamArn,
  },
});
