import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEngine } from '#local/aws/dynamodb/engine.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { createTable } from '#test/support/dynamodb-setup.ts';

const NAME = 'carillon-bench';

/** A table in its own embedded DynamoDB. */
export interface BenchTable {
  readonly endpoint: string;
  readonly table: string;
  stop(): Promise<void>;
}

/** Starts an empty one. */
export async function startBenchTable(): Promise<BenchTable> {
  const scratch = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const processes = watchedProcesses(scratch);
  const endpoint = await startEngine(processes, undefined);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  await createTable(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }), NAME);
  return {
    endpoint,
    table: NAME,
    async stop() {
      await processes.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
