import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY_MS, type EpochMs, epochMs, iso, later } from '#domain/time.ts';
import type { CallIndex, CallIndexPage } from '#ports/call-index.ts';
import type { HistoryEntry } from '#ports/history-store.ts';
import { CALLS_BY_DAY, CALLS_BY_DAY_KEYS, cidAt, dayShards, ranges } from './keys.ts';
import { newestOf } from './newest.ts';
import type { Row, Table } from './table.ts';

/** How many days are looked through for one page, so that an empty stage does not make a request endless. */
const MAX_DAYS = 31;

/** A sorted part of a query, of which a query reads the newest. */
interface Part {
  readonly query: Partial<QueryCommandInput>;
  /** The place of a row. */
  readonly cursorOf: (row: Row) => string;
}

/**
 * Which calls there were. Those of the stage are found by the index `callsByDay`, whose keys only the creation of a call
 * writes: so it costs one write unit a call. Those of a user are found by their history, and by what is kept of calls that
 * they know nothing of.
 */
export function dynamoCallIndex(table: Table): CallIndex {
  const newestOfPart = async ({ query, cursorOf }: Part, limit: number): Promise<CallIndexPage> => {
    const request = { TableName: table.name, ...query, ScanIndexForward: false, Limit: limit };
    const { Items = [], LastEvaluatedKey } = await table.db.send(new QueryCommand(request));
    const entries = Items.map(cursorOf).map((cursor): HistoryEntry => ({ cid: cidAt(cursor), cursor }));
    return LastEvaluatedKey ? { entries, next: cursorOf(LastEvaluatedKey) } : { entries };
  };

  /** The newest of all parts together. */
  const merged = async (parts: readonly Part[], limit: number): Promise<CallIndexPage> => {
    const pages = await Promise.all(parts.map((part) => newestOfPart(part, limit)));
    // A user may have learned of a call that they knew nothing of at first.
    const known = new Set<string>();
    const isNew = ({ cursor }: HistoryEntry): boolean => {
      const isFirst = !known.has(cursor);
      known.add(cursor);
      return isFirst;
    };
    const distinct = pages.map(({ entries, ...page }) => ({ ...page, entries: entries.filter(isNew) }));
    return newestOf(distinct, ({ cursor }) => cursor, limit);
  };

  const ofUser = (userId: string, from: string, until: string, limit: number): Promise<CallIndexPage> =>
    merged(
      [ranges.history(userId), ranges.unknownHistory(userId)].map(({ pk, from: prefix }) => ({
        query: {
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': pk, ':from': `${prefix}${from}`, ':to': `${prefix}${until}` },
        },
        cursorOf: (row) => text.parse(row['sk']).slice(prefix.length),
      })),
      limit,
    );

  const ofDay = (day: EpochMs, from: string, until: string, limit: number): Promise<CallIndexPage> =>
    merged(
      dayShards(day).map((shard) => ({
        query: {
          IndexName: CALLS_BY_DAY,
          KeyConditionExpression: '#day = :day AND #made BETWEEN :from AND :until',
          ExpressionAttributeNames: { '#day': CALLS_BY_DAY_KEYS.day, '#made': CALLS_BY_DAY_KEYS.made },
          ExpressionAttributeValues: { ':day': shard, ':from': from, ':until': until },
        },
        cursorOf: (row) => text.parse(row[CALLS_BY_DAY_KEYS.made]),
      })),
      limit,
    );

  const ofStage = async (from: EpochMs, end: string, limit: number): Promise<CallIndexPage> => {
    const entries: HistoryEntry[] = [];
    let day = startOfDay(epochMs(Date.parse(end.slice(0, ISO_LENGTH))));
    for (let days = 0; days < MAX_DAYS && later(day, DAY_MS) > from; days += 1) {
      const page = await ofDay(day, iso(from), justBefore(end), limit - entries.length);
      entries.push(...page.entries);
      if (page.next !== undefined) return { entries, next: page.next };
      // The day has been read to its end.
      if (entries.length === limit) return { entries, next: iso(day) };
      day = later(day, -DAY_MS);
    }
    return later(day, DAY_MS) > from ? { entries, next: iso(later(day, DAY_MS)) } : { entries };
  };

  return {
    async page({ userId, from, to, after }, limit) {
      const end = after !== undefined && after < iso(to) ? after : iso(to);
      if (end <= iso(from)) return { entries: [] };
      return userId === undefined ? ofStage(from, end, limit) : ofUser(userId, iso(from), justBefore(end), limit);
    },
  };
}

const text = z.string();

const ISO_LENGTH = '2026-01-01T00:00:00.000Z'.length;

const startOfDay = (at: EpochMs): EpochMs => epochMs(at - (at % DAY_MS));

/** A text that sorts before `cursor` and behind every other cursor before it: a query has no way to leave out its upper end. */
const justBefore = (cursor: string): string =>
  `${cursor.slice(0, -1)}${String.fromCharCode(cursor.charCodeAt(cursor.length - 1) - 1)}~`;
