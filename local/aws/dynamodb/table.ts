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
import { awsClient } from './aws-client.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const properties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.coerce.boolean() }).optional(),
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']) })
    .optional(),
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

type Table = Found<z.output<typeof properties>>;

/** Creates every table of the template that does not exist yet. The result is the stream of each that has one, by its name. */
export async function createTables(
  find: Find,
  endpoint: string,
  settings: Settings,
): Promise<ReadonlyMap<string, string>> {
  const client = awsClient(DynamoDBClient, endpoint, settings);
  const tables = [...find('AWS::DynamoDB::GlobalTable', properties), ...find('AWS::DynamoDB::Table', properties)];
  const streams = await Promise.all(
    tables.map(async (table) => {
      await createTable(client, table);
      const stream = await streamOf(client, table);
      return stream === undefined ? [] : [[table.ref, stream] as const];
    }),
  );
  client.destroy();
  return new Map(streams.flat());
}

async function createTable(client: DynamoDBClient, { ref, properties: of }: Table): Promise<void> {
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
  await ready(client, ref);
  if (ttl?.AttributeName === undefined) return;
  const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: ttl.Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: ref, TimeToLiveSpecification }));
}

/** Waits until a table can be used, at most for a minute. */
const ready = (client: DynamoDBClient, TableName: string): Promise<unknown> =>
  waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName });

/** The stream of a table that shall have one; a table of an earlier run may have none yet. */
async function streamOf(client: DynamoDBClient, { ref, properties: of }: Table): Promise<string | undefined> {
  if (!of.StreamSpecification) return undefined;
  const { Table: found } = await client.send(new DescribeTableCommand({ TableName: ref }));
  if (found?.StreamSpecification?.StreamEnabled && found.LatestStreamArn !== undefined) return found.LatestStreamArn;
  const StreamSpecification = { ...of.StreamSpecification, StreamEnabled: true };
  const { TableDescription: updated } = await client.send(
    new UpdateTableCommand({ TableName: ref, StreamSpecification }),
  );
  await ready(client, ref);
  return updated?.LatestStreamArn;
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
    await ready(client, TableName);
  }
}
