import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { localClient } from '../../../tools/local-stack.ts';

/** A row is named by its partition and its sort key. */
export type Key = readonly [pk: string, sk: string];

/** Reads and writes of a table with the SDK's client, one request each. */
export interface BareTable {
  /** Writes a row of `bytes` bytes that must not exist yet. */
  create(key: Key, bytes: number): Promise<void>;
  put(key: Key, bytes: number): Promise<void>;
  /** Changes a row on the condition that this change was not made before. */
  change(key: Key, what: string): Promise<void>;
  get(key: Key): Promise<void>;
  /** Reads all rows of a partition whose sort key has a prefix. */
  query(pk: string, prefix: string): Promise<void>;
  close(): void;
}

const keyOf = ([pk, sk]: Key) => ({ pk: { S: pk }, sk: { S: sk } });

/** The table at an endpoint. */
export function bareTable({ endpoint, table: TableName }: { endpoint: string; table: string }): BareTable {
  const db = new DynamoDBClient(localClient(endpoint));
  const itemOf = (key: Key, bytes: number) => ({ ...keyOf(key), filling: { S: 'x'.repeat(bytes) } });
  return {
    async create(key, bytes) {
      const ConditionExpression = 'attribute_not_exists(pk)';
      await db.send(new PutItemCommand({ TableName, Item: itemOf(key, bytes), ConditionExpression }));
    },
    async put(key, bytes) {
      await db.send(new PutItemCommand({ TableName, Item: itemOf(key, bytes) }));
    },
    async change(key, what) {
      await db.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(key),
          UpdateExpression: 'SET #what = :yes',
          ConditionExpression: 'attribute_not_exists(#what)',
          ExpressionAttributeNames: { '#what': what },
          ExpressionAttributeValues: { ':yes': { BOOL: true } },
          ReturnValues: 'ALL_NEW',
        }),
      );
    },
    async get(key) {
      await db.send(new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
    },
    async query(pk, prefix) {
      const range: QueryCommandInput = {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
        ConsistentRead: true,
      };
      await db.send(new QueryCommand(range));
    },
    close: () => db.destroy(),
  };
}
