import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Clock, type EpochMs, toEpochSeconds } from '#domain/time.ts';
import { insistent } from '../aws/client-settings.ts';
import { contendWhenThrottled } from './throttling.ts';

/** The one table and what every store on it needs. */
export interface Table {
  readonly db: DynamoDBDocumentClient;
  readonly name: string;
  readonly clock: Clock;
  readonly onUnreadable: OnUnreadable;
}

/** One row as it comes from the table, before it is parsed. */
export type Row = Record<string, unknown>;

/** Hears of a row that could not be parsed and was left out; `key` names it by ids only. */
export type OnUnreadable = (key: { readonly pk: string; readonly sk: string }, error: unknown) => void;

// If a member of a call is named `constructor`, the SDK takes the members for an instance of a class.
const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };

/** The SDK logs, names itself, and looks for functions that call each other in a circle: nothing of it is of use at the table. */
const IDLE = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

/** A client that does nothing idle: a request takes about a tenth less processor time (`docs/benchmarks.md`). */
export function withoutIdle(client: DynamoDBClient): DynamoDBClient {
  for (const name of IDLE) client.middlewareStack.remove(name);
  return client;
}

const throwIt: OnUnreadable = (_, error) => {
  throw error;
};

/** The table named `name`; the SDK finds its endpoint by itself. Unless somebody hears of unreadable rows, they throw. */
export const dynamoTable = (name: string, clock: Clock, onUnreadable: OnUnreadable = throwIt): Table => ({
  db: DynamoDBDocumentClient.from(contendWhenThrottled(withoutIdle(new DynamoDBClient(insistent()))), {
    // The client changes what it is given.
    marshallOptions: { ...marshallOptions },
  }),
  name,
  clock,
  onUnreadable,
});

/** The TTL attribute of an item that expires at `at`, in whole seconds. */
export const expiringAt = (at: EpochMs): { ttl: number } => ({ ttl: toEpochSeconds(at) });

/** DynamoDB may delete expired items much later. Every reader treats them as gone at once. */
export const isLive = (table: Table, row: Row | undefined): row is Row =>
  row !== undefined && !(typeof row['ttl'] === 'number' && row['ttl'] <= toEpochSeconds(table.clock()));

/** What `parse` makes of each row. A row that it cannot read is reported and left out: it must not hide the others. */
export const readable = <T>(table: Table, rows: readonly Row[], parse: (row: Row) => T): T[] =>
  rows.flatMap((row) => {
    try {
      return [parse(row)];
    } catch (error) {
      table.onUnreadable({ pk: String(row['pk']), sk: String(row['sk']) }, error);
      return [];
    }
  });

/** The most keys that DynamoDB takes in one request. */
const MAX_BATCH = 100;

/** How rows are read. */
interface Reading {
  /** What is read of each row. @default everything */
  readonly attributes?: readonly string[];
  /** Whether it is as it is now. Otherwise it may be some moments old, and costs half. @default true */
  readonly isConsistent?: boolean;
}

/** The live rows with these keys, in no order. */
export async function getAll(
  table: Table,
  keys: readonly Row[],
  { attributes, isConsistent = true }: Reading = {},
): Promise<Row[]> {
  const names = Object.fromEntries((attributes ?? []).map((attribute, i) => [`#a${i}`, attribute]));
  const projection = attributes && {
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
  };
  const rows: Row[] = [];
  let left = [...keys];
  while (left.length > 0) {
    const [Keys, later] = [left.slice(0, MAX_BATCH), left.slice(MAX_BATCH)];
    const batch = new BatchGetCommand({
      RequestItems: { [table.name]: { Keys, ConsistentRead: isConsistent, ...projection } },
    });
    const { Responses, UnprocessedKeys } = await table.db.send(batch);
    rows.push(...(Responses?.[table.name] ?? []));
    left = [...(UnprocessedKeys?.[table.name]?.Keys ?? []), ...later];
  }
  return rows.filter((row) => isLive(table, row));
}

/** All live rows in a range of sort keys, in their order, in a strongly consistent read. */
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

/** The newest live rows in a range, at most `limit`, in their order, in a strongly consistent read. */
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
 * Names a write in the row that it makes. If its answer is lost, the SDK sends it again, and what stands in its way may be
 * itself: the name tells. An attempt that was throttled has left none.
 */
export const newWriteId = (): string => randomBytes(6).toString('base64url');

/**
 * Waits for a conditional write. If its condition fails, the result is what `lost` makes of the present item, which is
 * undefined if there is none or the write did not ask for it.
 */
export async function unlessLost<T, L>(write: Promise<T>, lost: (item: Row | undefined) => L): Promise<T | L> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return lost(error.Item && unmarshall(error.Item));
  }
}
