import { z } from 'zod';

/** The key of an item of the table. All its keys are strings. */
export const itemKey = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
export type ItemKey = z.output<typeof itemKey>;

/** How the keys of each kind of item begin, as in `docs/data-model.md`. */
const KINDS: readonly (readonly [partition: string, sort: string, kind: string])[] = [
  ['USER#', 'CONN#', 'connection'],
  ['USER#', 'CONVENES#', 'seat'],
  ['USER#', 'DEVICE#', 'push_token'],
  ['USER#', 'GONE#', 'tombstone'],
  ['USER#', 'CUTOFF', 'sign_out'],
  ['USER#', 'ENGAGED', 'busy_lock'],
  ['USER#', 'UNHEARD#', 'busy_lock'],
  ['USER#', 'GUARD', 'guard'],
  ['USER#', 'CALL#', 'history'],
  ['USER#', 'RINGS#', 'rings'],
  ['USER#', 'HOSTED#', 'hosted_pair'],
  ['USER#', 'HIDDEN#', 'unknown_history'],
  ['USER#', 'SHOWS#', 'shown_call'],
  ['SOCKET#', 'SESSION', 'socket_session'],
  ['TOKEN#', 'OWNER', 'token_owner'],
  ['CALL#', 'CALL', 'call'],
  ['CALL#', 'PUSH#', 'push_record'],
  ['CALL#', 'SAID#', 'said'],
  ['CALL#', 'SIGNAL#', 'signal'],
  ['CALL#', 'TRACE#', 'trace'],
  ['ROOM#', 'ROOM', 'room'],
  ['PROVIDER#', 'FAULT', 'provider_fault'],
  ['DOCTOR', 'CHECKUP', 'checkup'],
  ['WEBHOOKS', 'TAKEN#', 'delivery'],
  ['WEBHOOKS', 'FAILED#', 'delivery'],
];

/** What an index is called in a bill: `callsByDay` is `calls_by_day`. */
export const kindOfIndex = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Names for ranges of sort keys over several kinds, by the kinds of the first and the last key. */
const SPANS: Readonly<Record<string, string>> = {
  'connection-push_token': 'connections_and_push_tokens',
  'history-busy_lock': 'pending',
};

/** The kind of the item with a key; `other` if the data model has none. */
export const kindOf = ({ pk, sk }: ItemKey): string =>
  KINDS.find(([partition, sort]) => pk.S.startsWith(partition) && sk.S.startsWith(sort))?.[2] ?? 'other';

/** What is between two sort keys of a partition: one kind, or a range of several. */
export function kindOfRange(pk: string, from: string, to: string): string {
  const [first, last] = [from, to].map((sk) => kindOf({ pk: { S: pk }, sk: { S: sk } }));
  return first === last ? String(first) : (SPANS[`${first}-${last}`] ?? `${first}_to_${last}`);
}
