import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Usage } from '../../lab/metering/usage.ts';
import type { Settings } from '../../settings.ts';
import { awsClient } from '../dynamodb/aws-client.ts';
import { readKept } from '../kept-file.ts';
import { functionNamed, type LambdaFunction } from '../lambda/invocation.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Find } from '../template/template.ts';
import { pause, readShards } from './shards.ts';
import { type StreamMapping, streamMappings } from './stream-mapping.ts';
import { type ShardSource, shardSource } from './stream-source.ts';

/** The streams of the stack's tables, and the functions that read them. */
export interface Streams {
  /** Resolves once everything is handled that was written before. */
  caughtUp(): Promise<void>;
}

export interface StreamsOptions {
  readonly find: Find;
  readonly functions: readonly LambdaFunction[];
  readonly queues: Queues;
  readonly usage: Pick<Usage, 'streamRecords'>;
  readonly dynamodbUrl: string;
  /** The stream of each table that has one. */
  readonly streamArns: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly stopping: AbortSignal;
  log(line: string): void;
}

/** Connects the functions that read streams. Where they have come to is kept between runs, as the table is. */
export async function openStreams(options: StreamsOptions): Promise<Streams> {
  const followed = await Promise.all(streamMappings(options.find).map((mapping) => follow(options, mapping)));
  return {
    async caughtUp() {
      await Promise.all(followed.map(({ caughtUp }) => caughtUp()));
    },
  };
}

/** The pause after a stream could not be read. */
const RETRY_MS = 1000;

async function follow(
  { functions, queues, usage, dynamodbUrl, streamArns, settings, stopping, log }: StreamsOptions,
  mapping: StreamMapping,
): Promise<Streams> {
  const target = functionNamed(functions, mapping.functionName);
  const streamArn = streamArns.get(mapping.tableName);
  const failures = queues.all.find(({ spec }) => spec.arn === mapping.onFailure);
  if (!target || streamArn === undefined)
    throw new Error(
      `event source mapping ${mapping.tableName} → ${mapping.functionName}: stream or function not found`,
    );
  const file = settings.dataDirectory === undefined ? undefined : join(settings.dataDirectory, 'streams.json');
  const kept = file === undefined ? {} : await readKept(file);
  const sources = new Map<string, ShardSource>();
  /** When the latest poll began that found a shard idle. */
  const idleAt = new Map<string, number>();
  const waiting = new Set<{ readonly since: number; resolve(): void }>();

  const keyOf = (shardId: string): string => `${streamArn} ${shardId}`;
  const positions = (): object => {
    const all = [...sources].flatMap(([id, source]) => {
      const position = source.doneUpTo();
      return position === undefined ? [] : [[keyOf(id), position]];
    });
    return { ...kept, ...Object.fromEntries(all) };
  };
  /** One write after the other: two at once could leave the older one, or a mixture. */
  let written = Promise.resolve();
  const keep = (): void => {
    if (file === undefined) return;
    written = written
      .then(() => writeFile(file, JSON.stringify(positions())))
      .catch((error) => log(`${file}: ${error}`));
  };
  const sourceOf = (shardId: string): ShardSource => {
    const known = sources.get(shardId);
    if (known) return known;
    const source = shardSource(
      {
        ...{ mapping, shardId, streamArn, target, usage, stopping },
        giveUp: (what) => void failures?.send({ body: JSON.stringify(what) }),
        onDone: keep,
      },
      kept[keyOf(shardId)],
    );
    sources.set(shardId, source);
    return source;
  };
  const client = awsClient(DynamoDBStreamsClient, streamsUrl(dynamodbUrl), settings);
  const reading = async (): Promise<void> => {
    while (!stopping.aborted) {
      try {
        await readShards({
          ...{ client, streamArn, stopping },
          doneUpTo: (shardId) => sourceOf(shardId).doneUpTo(),
          take: (shardId, records) => sourceOf(shardId).take(records),
          foundNothing(shardId, startedAt) {
            if (sourceOf(shardId).isIdle()) idleAt.set(shardId, startedAt);
            const all = [...sources.keys()].map((id) => idleAt.get(id) ?? 0);
            for (const each of waiting) if (all.every((at) => at > each.since)) each.resolve();
          },
        });
      } catch (error) {
        if (stopping.aborted) break;
        log(`the stream of ${mapping.tableName}: ${error instanceof Error ? error.message : error}`);
        await pause(RETRY_MS, stopping);
      }
    }
    client.destroy();
  };
  void reading();
  return {
    caughtUp: () =>
      new Promise((resolve) => {
        const each = {
          since: performance.now(),
          resolve() {
            waiting.delete(each);
            resolve();
          },
        };
        waiting.add(each);
      }),
  };
}

/** AWS has another host for streams; others have one for all. */
const streamsUrl = (dynamodbUrl: string): string =>
  dynamodbUrl.replace(/^https:\/\/dynamodb\./, 'https://streams.dynamodb.');
