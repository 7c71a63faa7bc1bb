import { z } from 'zod';
import { kindOfIndex, kindOfRange } from './item-kind.ts';

const text = z.object({ S: z.string() });

const query = z.object({
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()),
});

/** The key conditions that the meter understands: a partition, with one or both bounds of its sort keys. */
const CONDITIONS = [
  /^pk = (?<pk>:\w+) AND sk BETWEEN (?<from>:\w+) AND (?<to>:\w+)$/,
  /^pk = (?<pk>:\w+) AND begins_with\(sk, (?<from>:\w+)\)$/,
  /^pk = (?<pk>:\w+) AND sk >=? (?<from>:\w+)$/,
];

/** What a query reads. */
export function queryKind(body: unknown): string {
  const { IndexName, KeyConditionExpression: condition, ExpressionAttributeValues: values } = query.parse(body);
  if (IndexName !== undefined) return kindOfIndex(IndexName);
  const names = CONDITIONS.map((known) => known.exec(condition)?.groups).find((groups) => groups !== undefined);
  if (!names) throw new Error(`the meter cannot tell what a query reads whose condition is "${condition}"`);
  const boundOf = (name: string | undefined): string => text.parse(values[name ?? '']).S;
  const from = boundOf(names['from']);
  return kindOfRange(boundOf(names['pk']), from, names['to'] === undefined ? from : boundOf(names['to']));
}
