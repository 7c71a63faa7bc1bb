import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real DynamoDB engine with an empty table. */
    readonly dynamodb: { readonly endpoint: string; readonly table: string };
  }
}

const ENGINE = 'node_modules/@dynoxide/linux-x64/dynoxide';

/** Starts the embedded DynamoDB for all contract tests. Each test uses its own keys. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.stdout.write(`[${project.name}] Starting the embedded DynamoDB …\n`);
  const port = await freePort();
  const engine = spawn(ENGINE, ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const exited = once(engine, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const db = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  await answering(db);
  await createTable(db, 'carillon');
  project.provide('dynamodb', { endpoint, table: 'carillon' });
  return async () => {
    engine.kill();
    await exited;
  };
}

/** Creates an empty table with the product's keys. */
export const createTable = (db: Pick<DynamoDBClient, 'send'>, TableName: string) =>
  db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'day', 'made'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'callsByDay',
          KeySchema: [
            { AttributeName: 'day', KeyType: 'HASH' },
            { AttributeName: 'made', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );

async function answering(db: DynamoDBClient): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      await db.send(new ListTablesCommand({}));
      return;
    } catch {
      // It is still starting.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the embedded DynamoDB did not start');
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
