import { z } from 'zod';

/** The key of an item of the table, whose keys are text. */
export const itemKey = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
export type ItemKey = z.output<typeof itemKey>;

/** How the keys of a kind of item begin, as in `docs/data-model.md`. */
const KINDS: readonly (readonly [partition: string, sort: string, kind: string])[] = [
  ['USER#', 'CONN#', 'connection'],
  ['USER#', 'DEVICE#', 'push_token'],
  ['USER#', 'GONE#', 'tombstone'],
  ['USER#', 'ENGAGED', 'busy_lock'],
  ['USER#', 'CALL#', 'history'],
  ['TOKEN#', 'OWNER', 'token_owner'],
  ['CALL#', 'CALL', 'call'],
  ['CALL#', 'PUSH#', 'push_record'],
  ['CALL#', 'SIGNAL#', 'signal'],
  ['CALL#', 'TRACE#', 'trace'],
];

/** Ranges of sort keys that span several kinds, by the kinds of their bounds. */
const SPANS: Readonly<Record<string, string>> = {
  'connection-push_token': 'connections_and_push_tokens',
  'history-busy_lock': 'pending',
};

/** The kind of the item with a key; `other` where the data model knows none. */
export const kindOf = ({ pk, sk }: ItemKey): string =>
  KINDS.find(([partition, sort]) => pk.S.startsWith(partition) && sk.S.startsWith(sort))?.[2] ?? 'other';

/** What lies between two sort keys of a partition: a kind, or the name of a span of several. */
export function kindOfRange(pk: string, from: string, to: string): string {
  const [first, last] = [from, to].map((sk) => kindOf({ pk: { S: pk }, sk: { S: sk } }));
  return first === last ? String(first) : (SPANS[`${first}-${last}`] ?? `${first}_to_${last}`);
}
