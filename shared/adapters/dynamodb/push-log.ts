import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { STOP_TYPES } from '#domain/call/effects.ts';
import { defined } from '#domain/defined.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import { PUSH_STATES, type PushLog, type PushRecord, type RingRef } from '#ports/push-log.ts';
import { storedHandset } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, newWriteId, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({
  pushes: z.record(z.string(), z.enum(PUSH_STATES)).default({}),
  hardwareIds: z.record(z.string(), z.string()).default({}),
  removed: z
    .set(z.string())
    .transform((keys) => [...keys])
    .default([]),
  stop: z
    .object({
      type: z.enum(STOP_TYPES),
      notify: z.boolean(),
      except: storedHandset.exactOptional(),
    })
    .exactOptional(),
});

const parse = (row: Row | undefined): PushRecord => item.parse(row ?? {});

/** Push records in DynamoDB: one row for each ring of a member. */
export function dynamoPushLog({ db, name, clock }: Table): PushLog {
  const update = (
    ring: RingRef,
    set: string,
    values: Record<string, unknown>,
    condition?: string,
    names?: Record<string, string>,
  ) =>
    db.send(
      new UpdateCommand({
        TableName: name,
        Key: keys.push(ring),
        UpdateExpression: set,
        ...defined({ ConditionExpression: condition, ExpressionAttributeNames: names }),
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const expiry = () => expiringAt(later(clock(), HOUR_MS)).ttl;
  return {
    claim(ring, { keys: tokenKeys, hardwareIds, now, leaseUntil }) {
      const id = newWriteId();
      return unlessLost(
        update(
          ring,
          'SET leaseUntil = :until, leasedBy = :id, pushes = if_not_exists(pushes, :sending), attempts = if_not_exists(attempts, :none), hardwareIds = if_not_exists(hardwareIds, :hardware), #ttl = :ttl',
          {
            ':until': leaseUntil,
            ':id': id,
            ':now': now,
            ':none': {},
            ':hardware': hardwareIds,
            ':sending': Object.fromEntries(tokenKeys.map((key) => [key, 'sending'])),
            ':ttl': expiry(),
          },
          'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
          { '#ttl': 'ttl' },
        ).then(({ Attributes }) => ({ ...parse(Attributes), leased: false })),
        (row) => ({ ...parse(row), leased: row?.['leasedBy'] !== id }),
      );
    },

    claimAttempt(ring, { key, attempt, redelivered }) {
      const id = newWriteId();
      const by = `attemptedBy ${key}`;
      return unlessLost(
        update(
          ring,
          'SET attempts.#d = :attempt, #by = :id',
          { ':attempt': attempt, ':id': id, ':accepted': 'accepted' },
          `attribute_not_exists(stop) AND pushes.#d <> :accepted AND (attribute_not_exists(attempts.#d) OR attempts.#d ${redelivered ? '<=' : '<'} :attempt)`,
          { '#d': key, '#by': by },
        ).then(({ Attributes }) => parse(Attributes)),
        (row) => {
          const known = parse(row);
          const isMade = row?.[by] === id;
          return isMade && known.stop === undefined && known.pushes[key] !== 'accepted' ? known : undefined;
        },
      );
    },

    async record(ring, pushes, hardwareIds = {}) {
      const entries = [
        ...Object.entries(pushes).map(([key, state]) => ({ map: 'pushes', key, value: state })),
        ...Object.entries(hardwareIds).map(([key, id]) => ({ map: 'hardwareIds', key, value: id })),
      ];
      const { Attributes } = await update(
        ring,
        `SET ${entries.map(({ map }, i) => `${map}.#d${i} = :d${i}`).join(', ')}`,
        Object.fromEntries(entries.map(({ value }, i) => [`:d${i}`, value])),
        undefined,
        Object.fromEntries(entries.map(({ key }, i) => [`#d${i}`, key])),
      );
      return parse(Attributes);
    },

    stop(ring, stop) {
      const stoppedBy = newWriteId();
      return unlessLost(
        update(
          ring,
          'SET stop = :stop, stoppedBy = :id, pushes = if_not_exists(pushes, :none), #ttl = :ttl',
          { ':stop': stop, ':id': stoppedBy, ':none': {}, ':ttl': expiry() },
          'attribute_not_exists(stop)',
          { '#ttl': 'ttl' },
        ).then(({ Attributes }) => ({ ...parse(Attributes), first: true })),
        (row) => ({ ...parse(row), first: row?.['stoppedBy'] === stoppedBy }),
      );
    },

    async markRemoved(ring, key) {
      const { Attributes } = await update(
        ring,
        'ADD removed :keys SET #ttl = :ttl',
        { ':keys': new Set([key]), ':ttl': expiry() },
        undefined,
        { '#ttl': 'ttl' },
      );
      return parse(Attributes);
    },

    claimRetry(ring, { name: retried, attempt, redelivered }) {
      const id = newWriteId();
      const by = `retriedBy ${retried}`;
      return unlessLost(
        update(
          ring,
          'SET #retry = :attempt, #by = :id, #ttl = :ttl',
          { ':attempt': attempt, ':id': id, ':ttl': expiry() },
          `attribute_not_exists(#retry) OR #retry ${redelivered ? '<=' : '<'} :attempt`,
          { '#retry': `retry ${retried}`, '#by': by, '#ttl': 'ttl' },
        ).then(() => true),
        (row) => row?.[by] === id,
      );
    },

    claimNotice(ring) {
      const id = newWriteId();
      return unlessLost(
        update(
          ring,
          'SET noticed = :id, #ttl = :ttl',
          { ':id': id, ':ttl': expiry() },
          'attribute_not_exists(noticed)',
          { '#ttl': 'ttl' },
        ).then(() => true),
        (row) => row?.['noticed'] === id,
      );
    },
  };
}
