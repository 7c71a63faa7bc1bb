import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { paginateScan } from '@aws-sdk/lib-dynamodb';

/** All rows of a table as texts, in an order that depends on their content only. */
export async function dumpOf(client: DynamoDBDocumentClient, TableName: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    rows.push(...Items.map((row) => JSON.stringify(sorted(row))));
  }
  return rows.toSorted();
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};
