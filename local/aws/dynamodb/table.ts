import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Settings } from '../../settings.ts';
import type { Find, Found } from '../template/template.ts';

const properties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.coerce.boolean() }).optional(),
  GlobalSecondaryIndexes: z.undefined('the local stack does not support indexes').optional(),
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
  const { AttributeDefinitions, KeySchema, TimeToLiveSpecification: ttl } = of;
  try {
    await client.send(
      new CreateTableCommand({ TableName: ref, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: ref });
  if (ttl?.AttributeName === undefined) return;
  const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: ttl.Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: ref, TimeToLiveSpecification }));
}
