import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startEngine } from '#local/aws/dynamodb/engine.ts';
import { startInternalServer } from '#local/aws/internal-server.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { meteredDynamodb } from '#local/lab/metering/dynamodb/metered-dynamodb.ts';
import { openUsage } from '#local/lab/metering/usage.ts';
import { createTable } from '#test/support/dynamodb-setup.ts';

export const TableName = 'metered';

/** A cost by kind of item, without zeros. */
export type Cost = Readonly<Record<string, Readonly<Record<string, number>>>>;

const clientOf = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }),
  );

/** A table in a real engine, reachable through the meter and directly. */
export async function aMeteredTable() {
  const processes = watchedProcesses(await mkdtemp(join(tmpdir(), 'carillon-meter-')));
  const url = await startEngine(processes, undefined);
  const usage = openUsage(true);
  const internal = await startInternalServer(() => {});
  internal.serve(meteredDynamodb(url, usage));
  const [db, direct] = [clientOf(internal.url), clientOf(url)];
  await createTable(direct, TableName);
  return {
    db,
    direct,
    /** What `act` costs, whether it succeeds or not. */
    async costOf(act: () => Promise<unknown>): Promise<Cost> {
      usage.reset();
      await act().catch(() => {});
      const kinds = Object.entries(usage.report().dynamodb ?? {});
      const nonZero = (figures: object) => Object.fromEntries(Object.entries(figures).filter(([, n]) => n > 0));
      return Object.fromEntries(kinds.map(([kind, figures]) => [kind, nonZero(figures)]));
    },
    async stop() {
      db.destroy();
      direct.destroy();
      internal.stop();
      await processes.stop();
    },
  };
}
