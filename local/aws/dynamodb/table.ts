import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Settings } from '../../settings.ts';
import type { Find, Found } from '../template/template.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const properties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.coerce.boolean() }).optional(),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({ ProjectionType: z.enum(['KEYS_ONLY', 'ALL']) }),
      }),
    )
    .default([]),
});

/** Creates every table of the template that does not exist yet. */
export async function createTables(find: Find, endpoint: string, settings: Settings): Promise<void> {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = settings.credentials;
  const client = new DynamoDBClient({
    endpoint,
    region: settings.region,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
  const tables = [...find('AWS::DynamoDB::GlobalTable', properties), ...find('AWS::DynamoDB::Table', properties)];
  await Promise.all(tables.map((table) => createTable(client, table)));
  client.destroy();
}

async function createTable(
  client: DynamoDBClient,
  { ref, properties: of }: Found<z.output<typeof properties>>,
): Promise<void> {
  const { AttributeDefinitions, KeySchema, TimeToLiveSpecification: ttl, GlobalSecondaryIndexes } = of;
  try {
    await client.send(
      new CreateTableCommand({
        ...{ TableName: ref, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' },
        ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
      }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) return addIndexes(client, ref, of);
    throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: ref });
  if (ttl?.AttributeName === undefined) return;
  const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: ttl.Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: ref, TimeToLiveSpecification }));
}

/** Adds to a table of an earlier version the indexes that it lacks, one after the other, as DynamoDB wants it. */
async function addIndexes(
  client: DynamoDBClient,
  TableName: string,
  { AttributeDefinitions, GlobalSecondaryIndexes }: z.output<typeof properties>,
): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const there = new Set(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  for (const index of GlobalSecondaryIndexes.filter(({ IndexName }) => !there.has(IndexName))) {
    const GlobalSecondaryIndexUpdates = [{ Create: index }];
    await client.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }));
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName });
  }
}
