import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type Clock, type EpochMs, epochMs, toEpochSeconds } from '#domain/time.ts';
import { contendWhenThrottled } from './throttling.ts';

/** The one table and what every store on it needs. */
export interface Table {
  readonly db: DynamoDBDocumentClient;
  readonly name: string;
  readonly clock: Clock;
}

/** One row as it comes from the table, not parsed yet. */
export type Row = Record<string, unknown>;

/** The table named `name`; the endpoint is the SDK's own business. */
export const dynamoTable = (name: string, clock: Clock): Table => ({
  db: DynamoDBDocumentClient.from(contendWhenThrottled(new DynamoDBClient()), {
    // The SDK takes the members of a call, one of whom is called `constructor`, for an instance of some class.
    marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  }),
  name,
  clock,
});

/** A moment as it is stored. */
export const storedMs = z.number().transform(epochMs);

/** The TTL attribute of an item that goes away at `at`: whole seconds. */
export const expiringAt = (at: EpochMs): { ttl: number } => ({ ttl: toEpochSeconds(at) });

/** DynamoDB deletes expired items when it likes: to every reader they are gone at once. */
export const isLive = (table: Table, row: Row | undefined): row is Row =>
  row !== undefined && !(typeof row['ttl'] === 'number' && row['ttl'] <= toEpochSeconds(table.clock()));

/** All live rows of a range of sort keys, strongly consistent, in their order. */
export async function queryRange(table: Table, range: { pk: string; from: string; to: string }): Promise<Row[]> {
  const rows: Row[] = [];
  const pages = paginateQuery(
    { client: table.db },
    {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': range.pk, ':from': range.from, ':to': range.to },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) rows.push(...(page.Items ?? []));
  return rows.filter((row) => isLive(table, row));
}

/** The newest live rows of a range, at most `limit`, in their order, strongly consistent. */
export async function newestRows(
  table: Table,
  range: { pk: string; from: string; to: string },
  limit: number,
): Promise<Row[]> {
  const { Items = [] } = await table.db.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': range.pk, ':from': range.from, ':to': range.to },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items.filter((row) => isLive(table, row)).toReversed();
}

/**
 * Runs a conditional write; where its condition fails, `lost` gets the item as it is (absent where there is none, or it
 * was not asked for) and decides what comes back.
 */
export async function unlessLost<T, L>(write: Promise<T>, lost: (item: Row | undefined) => L): Promise<T | L> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return lost(error.Item && unmarshall(error.Item));
    throw error;
  }
}
