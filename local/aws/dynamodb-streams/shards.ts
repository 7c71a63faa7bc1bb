import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';

export type { StreamRecord };

/** Lambda asks a shard for records four times a second. */
const POLL_MS = 250;

/** Reads a stream from where it was left, for as long as nobody stops it. */
export interface StreamReader {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly stopping: AbortSignal;
  /** The sequence number up to which the records of a shard are done with; undefined: none are. */
  doneUpTo(shardId: string): string | undefined;
  /** Takes records in the order of the shard. It is not waited for. */
  take(shardId: string, records: readonly StreamRecord[]): void;
  /** A poll that began at `startedAt` (`performance.now()`) found nothing. */
  foundNothing(shardId: string, startedAt: number): void;
}

/** Reads all shards, a child only after its parent. It ends when the reader is stopped. */
export async function readShards(reader: StreamReader): Promise<void> {
  const finished = new Set<string>();
  const reading = new Map<string, Promise<void>>();
  while (!reader.stopping.aborted) {
    const shards = await listShards(reader);
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      if (id === undefined || reading.has(id)) continue;
      if (parent !== undefined && known.has(parent) && !finished.has(parent)) continue;
      reading.set(
        id,
        readShard(reader, id).then(() => void finished.add(id)),
      );
    }
    // A shard ends after hours; then its children begin.
    await Promise.race([...reading].filter(([id]) => !finished.has(id)).map(([, ended]) => ended));
    if (finished.size === reading.size) await pause(POLL_MS, reader.stopping);
  }
}

async function listShards({ client, streamArn }: StreamReader): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ...(from !== undefined && { ExclusiveStartShardId: from }) }),
    );
    shards.push(...(page?.Shards ?? []));
    from = page?.LastEvaluatedShardId;
  } while (from !== undefined);
  return shards;
}

async function readShard(reader: StreamReader, shardId: string): Promise<void> {
  const { client, streamArn, stopping } = reader;
  const after = reader.doneUpTo(shardId);
  const { ShardIterator: first } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    }),
  );
  let iterator = first;
  while (iterator !== undefined && !stopping.aborted) {
    const startedAt = performance.now();
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    iterator = NextShardIterator;
    if (Records.length > 0) reader.take(shardId, Records);
    else {
      reader.foundNothing(shardId, startedAt);
      await pause(POLL_MS, stopping);
    }
  }
}

/** Waits, but no longer than until `signal` aborts; it never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
