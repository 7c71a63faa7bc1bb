import { createHash } from 'node:crypto';
import { type EpochMs, iso } from '#domain/time.ts';
import type { BusyLockRef } from '#ports/busy-lock-store.ts';
import type { MailboxRef } from '#ports/mailbox.ts';
import type { RingRef } from '#ports/push-log.ts';

/** The one index: which calls were made on a day. */
export const CALLS_BY_DAY = 'callsByDay';

/** Its partition and sort key. Only calls have them, so that nothing else is in it. */
export const CALLS_BY_DAY_KEYS = { day: 'day', made: 'made' } as const;

/** Among how many partitions of the index a day is spread; each takes some 1000 new calls a second. */
const DAY_SHARDS = 4;

const shardOf = (day: EpochMs, shard: number): string => `${iso(day).slice(0, 10)}#${shard}`;

/** The partitions of the day on which `at` is. */
export const dayShards = (at: EpochMs): string[] =>
  Array.from({ length: DAY_SHARDS }, (_, shard) => shardOf(at, shard));

/** Where the index has a call. */
export const dayKey = (createdAt: EpochMs, cid: string): Record<keyof typeof CALLS_BY_DAY_KEYS, string> => ({
  day: shardOf(createdAt, (createHash('sha256').update(cid).digest()[0] ?? 0) % DAY_SHARDS),
  made: placeOf(createdAt, cid),
});

/** The place of a call in a list of calls: when it was made, and which one it is. */
const placeOf = (createdAt: EpochMs, cid: string): string => `${iso(createdAt)}#${cid}`;

/** The call at a place. */
export const cidAt = (place: string): string => place.slice(place.indexOf('#') + 1);

/** The place of a delivery in the log of webhooks: the same at every try. */
export const deliveryPlace = (createdAt: string, webhook: string, id: string): string =>
  `${createdAt}#${webhook}#${id}`;

/** The two kinds of signals in a mailbox. */
export type SignalKind = 'sdp' | 'ice';

/** One kind of the signals that wait for a member. */
export interface WaitingSignals extends MailboxRef {
  readonly kind: SignalKind;
}

const signalsOf = ({ userId, ringId = '', kind }: WaitingSignals): string => `SIGNAL#${userId}#${ringId}#${kind}#`;

/**
 * Every key of the table; no other file writes a `#`. `docs/data-model.md` describes the data model. What is a user's own
 * stands in their partition, under a sort key that begins with a capital letter: then it goes when the user is deleted.
 */
export const keys = {
  connection: (userId: string, connectionId: string) => ({ pk: `USER#${userId}`, sk: `CONN#${connectionId}` }),
  /**
   * A connection in a room. It sorts behind those that calls are told to, so that no ring pays for it, and before the push
   * tokens, so that whoever closes the connections of a user has it, too.
   */
  seat: (userId: string, connectionId: string) => ({ pk: `USER#${userId}`, sk: `CONVENES#${connectionId}` }),
  pushToken: (userId: string, provider: string, key: string) => ({
    pk: `USER#${userId}`,
    sk: `DEVICE#${provider}#${key}`,
  }),
  /** It sorts behind the push tokens and the busy lock, so that no query for a user's reach pays for it. */
  tombstone: (userId: string, provider: string, key: string) => ({
    pk: `USER#${userId}`,
    sk: `GONE#${provider}#${key}`,
  }),
  /** Since when their tokens are good. It sorts between connections and push tokens, so that whoever reads those has it, too. */
  signOut: (userId: string) => ({ pk: `USER#${userId}`, sk: 'CUTOFF' }),
  /** That of a caller whom its user does not hear sorts behind whatever is read of a user with their connections. */
  busyLock: ({ userId, unheardBy }: BusyLockRef) => ({
    pk: `USER#${userId}`,
    sk: unheardBy === undefined ? 'ENGAGED' : `UNHEARD#${unheardBy}`,
  }),
  /** Whom a user has blocked, and when they want to be left alone. */
  guard: (userId: string) => ({ pk: `USER#${userId}`, sk: 'GUARD' }),
  history: (userId: string, createdAt: EpochMs, cid: string) => ({
    pk: `USER#${userId}`,
    sk: `CALL#${placeOf(createdAt, cid)}`,
  }),
  /** A call of which its member must not know. It sorts behind whatever is read of a user with their connections. */
  unknownHistory: (userId: string, createdAt: EpochMs, cid: string) => ({
    pk: `USER#${userId}`,
    sk: `HIDDEN#${placeOf(createdAt, cid)}`,
  }),
  /** The rings that a user starts in the hour of `at`. */
  rings: (userId: string, at: EpochMs) => ({ pk: `USER#${userId}`, sk: `RINGS#${iso(at).slice(0, 13)}` }),
  hostedPair: ([first, second]: readonly [string, string]) => ({ pk: `USER#${first}`, sk: `HOSTED#${second}` }),
  /** A client of Socket.IO, by the id of its session or of its WebSocket. */
  socketSession: (id: string) => ({ pk: `SOCKET#${id}`, sk: 'SESSION' }),
  /** It sorts behind whatever is read of a user with their connections. */
  shownCall: (userId: string, handset: string) => ({ pk: `USER#${userId}`, sk: `SHOWS#${handset}` }),
  /** What a connection was told of a call while it was announced. */
  said: (cid: string, connectionId: string) => ({ pk: `CALL#${cid}`, sk: `SAID#${connectionId}` }),
  tokenOwner: (key: string) => ({ pk: `TOKEN#${key}`, sk: 'OWNER' }),
  call: (cid: string) => ({ pk: `CALL#${cid}`, sk: 'CALL' }),
  room: (roomId: string) => ({ pk: `ROOM#${roomId}`, sk: 'ROOM' }),
  push: ({ cid, userId, ringId }: RingRef) => ({ pk: `CALL#${cid}`, sk: `PUSH#${userId}#${ringId}` }),
  /** Descriptions and candidates are kept apart, so that an offer is found behind any number of candidates. */
  signal: (of: WaitingSignals, order: string) => ({ pk: `CALL#${of.cid}`, sk: `${signalsOf(of)}${order}` }),
  /** Why a push provider refuses everything. */
  providerFault: (provider: string, name: string) => ({ pk: `PROVIDER#${provider}#${name}`, sk: 'FAULT' }),
  /** A delivery to a webhook. Those that failed are apart from the others, so that they are found among any number of them. */
  delivery: (status: 'delivered' | 'failed', place: string) => ({
    pk: 'WEBHOOKS',
    sk: `${status === 'failed' ? 'FAILED' : 'TAKEN'}#${place}`,
  }),
  /** What the doctor found when it ran last. */
  checkup: () => ({ pk: 'DOCTOR', sk: 'CHECKUP' }),
  trace: (cid: string, at: EpochMs, order: string) => ({ pk: `CALL#${cid}`, sk: `TRACE#${iso(at)}#${order}` }),
  namedTrace: (cid: string, name: string) => ({ pk: `CALL#${cid}`, sk: `TRACE#NAMED#${name}` }),
} as const;

/** The rows of which the app's backend is told. The filters of the stream's event source (`backend-events.ts`) let these sort keys through and no others. */
export type ReportedKind = 'call' | 'pushToken' | 'tombstone' | 'providerFault';

/** What kind of row has this key; nothing, if the app's backend is not told of such rows. */
export function reportedKind({ pk, sk }: { readonly pk: string; readonly sk: string }): ReportedKind | undefined {
  if (pk.startsWith('CALL#')) return sk === 'CALL' ? 'call' : undefined;
  if (pk.startsWith('PROVIDER#')) return sk === 'FAULT' ? 'providerFault' : undefined;
  if (!pk.startsWith('USER#')) return undefined;
  if (sk.startsWith('DEVICE#')) return 'pushToken';
  return sk.startsWith('GONE#') ? 'tombstone' : undefined;
}

/** Rows that are not deleted with the rest of their user: the sign-out stays, the others go one by one, by their own rules. */
export const removedOneByOne = (sk: string): boolean => /^(?:CUTOFF$|CONN#|CONVENES#|DEVICE#)/.test(sk);

/** Ranges of sort keys, each read in one query. */
export const ranges = {
  /** Connections, seats and push tokens, which are neighbours. */
  reach: (userId: string) => ({ pk: `USER#${userId}`, from: 'CONN#', to: 'DEVICE#~' }),
  connections: (userId: string) => ({ pk: `USER#${userId}`, from: 'CONN#', to: 'CONN#~' }),
  /** Everything of a user. */
  user: (userId: string) => ({ pk: `USER#${userId}`, from: 'A', to: '~' }),
  pushTokens: (userId: string) => ({ pk: `USER#${userId}`, from: 'DEVICE#', to: 'DEVICE#~' }),
  /** Calls created after `since`, connections, seats, the sign-out, push tokens and the busy lock. */
  pending: (userId: string, since: EpochMs) => ({ pk: `USER#${userId}`, from: `CALL#${iso(since)}`, to: 'ENGAGED' }),
  shownCalls: (userId: string) => ({ pk: `USER#${userId}`, from: 'SHOWS#', to: 'SHOWS#~' }),
  history: (userId: string) => ({ pk: `USER#${userId}`, from: 'CALL#', to: 'CALL#~' }),
  tombstones: (userId: string) => ({ pk: `USER#${userId}`, from: 'GONE#', to: 'GONE#~' }),
  unknownHistory: (userId: string) => ({ pk: `USER#${userId}`, from: 'HIDDEN#', to: 'HIDDEN#~' }),
  signals: (of: WaitingSignals) => ({ pk: `CALL#${of.cid}`, from: signalsOf(of), to: `${signalsOf(of)}~` }),
  trace: (cid: string) => ({ pk: `CALL#${cid}`, from: 'TRACE#', to: 'TRACE#~' }),
} as const;
