import { fork } from 'node:child_process';
import { once } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toItem } from '#adapters/dynamodb/call-item.ts';
import { aRingingCall } from '#test/support/builders.ts';
import { localClient } from '../../../tools/local-stack.ts';
import { type BenchTable, startBenchTable } from '../bench-table.ts';
import { spreadOf } from '../quantile.ts';
import { STEPS } from './steps.ts';
import { KEY, WAYS } from './ways.ts';

/** The processor time of a request, in ms: the median of the processes, for each step. */
export interface SdkResult {
  readonly way: string;
  readonly cpu_ms: readonly number[];
}

/** How often each way has a process, in turn. */
export const ROUNDS = 7;

/** Measures the processor time that a read of a ringing call takes, in each way. */
export async function measureSdk(): Promise<readonly SdkResult[]> {
  const { stop, ...ground } = await startBenchTable();
  try {
    const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(ground.endpoint)), {
      marshallOptions: { removeUndefinedValues: true },
    });
    await db.send(new PutCommand({ TableName: ground.table, Item: { ...toItem(aRingingCall(), 30), ...KEY } }));
    const times = new Map(Object.keys(WAYS).map((way): [string, number[][]] => [way, []]));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [way, measured] of times) measured.push(await timesOf(way, ground));
    return [...times].map(([way, measured]) => ({
      way,
      cpu_ms: STEPS.map((_, step) => spreadOf(measured.map((one) => one[step] ?? Number.NaN)).p50_ms),
    }));
  } finally {
    await stop();
  }
}

async function timesOf(way: string, ground: Pick<BenchTable, 'endpoint' | 'table'>): Promise<number[]> {
  const reader = fork('test/bench/sdk/reader.ts', [way, JSON.stringify(ground)]);
  const exited = once(reader, 'exit').then(() => [undefined]);
  const [times] = await Promise.race([once(reader, 'message'), exited]);
  return z.array(z.number()).parse(times);
}
