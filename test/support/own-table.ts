import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { localClient } from '../../tools/local-stack.ts';
import { createTable } from './dynamodb-setup.ts';
import { KEY_RING } from './key-ring.ts';
import { type Services, startServices } from './services.ts';

/** The services of the functions over a table of their own, which no other test file writes to. */
export interface OwnTable {
  readonly services: Services;
  /** A client, to look into the table. */
  readonly table: DynamoDBDocumentClient;
  close(): void;
}

/** Makes the table `name` and starts the services over it. */
export async function startOnOwnTable(name: string): Promise<OwnTable> {
  const { endpoint } = inject('dynamodb');
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(endpoint)));
  await createTable(table, name);
  const services = await startServices(endpoint, name, KEY_RING);
  return {
    services,
    table,
    close() {
      services.close();
      table.destroy();
    },
  };
}
