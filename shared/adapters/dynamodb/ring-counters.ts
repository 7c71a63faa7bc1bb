import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type CountedRing, endOfWindow, PAIR_WINDOW_MS } from '#domain/protection/ring-rate.ts';
import { type EpochMs, epochMs, HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { PlacedRing, RingCounters } from '#ports/ring-counters.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table, unlessLost } from './table.ts';

/**
 * The rings of a user in DynamoDB: one row for each hour. It has the number of the hour's rings, the number of each
 * minute's, and for each five minutes a set that says who was rung by which call.
 */
export function dynamoRingCounters({ db, name }: Table): RingCounters {
  const row = (ring: PlacedRing) => ({ TableName: name, Key: keys.rings(ring.by, ring.at) });
  const names = ({ at }: PlacedRing) => {
    const { hour, minute, rung } = countersOf(at);
    return { '#hour': hour, '#minute': minute, '#rung': rung };
  };
  return {
    count(ring, { minute, hour }) {
      const { ttl } = expiringAt(endOfWindow(ring.at, HOUR_MS));
      const counted = (counters: Row) => ({
        kind: 'counted' as const,
        recent: recentOf(counters, names(ring)['#rung'], ring.callees),
      });
      const update = new UpdateCommand({
        ...row(ring),
        UpdateExpression: 'ADD #hour :one, #minute :one, #rung :ring SET #ttl = :ttl',
        ConditionExpression:
          '(attribute_not_exists(#hour) OR #hour < :inHour) AND (attribute_not_exists(#minute) OR #minute < :inMinute) AND NOT contains(#rung, :entry)',
        ExpressionAttributeNames: { ...names(ring), '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':one': 1,
          ':ring': new Set([entryOf(ring)]),
          ':entry': entryOf(ring),
          ':inHour': hour,
          ':inMinute': minute,
          ':ttl': ttl,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return unlessLost(
        db.send(update).then(({ Attributes = {} }) => counted(Attributes)),
        (old = {}) =>
          // If its answer was lost, it is counted once all the same.
          entries.parse(old[names(ring)['#rung']]).has(entryOf(ring))
            ? counted(old)
            : { kind: 'full' as const, window: Number(old['hour'] ?? 0) >= hour ? 'hour' : 'minute' },
      );
    },

    async uncount(ring) {
      const update = new UpdateCommand({
        ...row(ring),
        UpdateExpression: 'ADD #hour :less, #minute :less DELETE #rung :ring',
        // If its answer was lost, it is taken back once all the same.
        ConditionExpression: 'contains(#rung, :entry)',
        ExpressionAttributeNames: names(ring),
        ExpressionAttributeValues: { ':less': -1, ':ring': new Set([entryOf(ring)]), ':entry': entryOf(ring) },
      });
      await unlessLost(db.send(update), () => undefined);
    },
  };
}

/** The attributes that count the rings of a moment. */
export const countersOf = (at: EpochMs) => ({
  hour: 'hour',
  minute: `minute${Math.floor(at / MINUTE_MS) % 60}`,
  rung: `rung${Math.floor(at / PAIR_WINDOW_MS) % 12}`,
});

const entries = z.set(z.string()).default(new Set());

/** A ring in as few bytes as will do, since each kilobyte of a row is billed. */
const entryOf = ({ at, nonce, cid, callees }: PlacedRing): string =>
  [at.toString(36), nonce, cid, ...callees.map(shortHash)].join(' ');

/** Tells the callees of one caller apart. */
const shortHash = (userId: string): string => createHash('sha256').update(userId).digest('base64url').slice(0, 10);

function recentOf(row: Row, attribute: string, callees: readonly string[]): Map<string, readonly CountedRing[]> {
  const rings = [...entries.parse(row[attribute])].map((entry) => {
    const [at = '', , cid = '', ...hashes] = entry.split(' ');
    return { at: epochMs(Number.parseInt(at, 36)), cid, hashes: new Set(hashes) };
  });
  return new Map(callees.map((userId) => [userId, rings.filter(({ hashes }) => hashes.has(shortHash(userId)))]));
}
