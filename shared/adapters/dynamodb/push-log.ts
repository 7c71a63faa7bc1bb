import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { STOP_TYPES } from '#domain/call/effects.ts';
import { defined } from '#domain/defined.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import { PUSH_STATES, type PushLog, type PushRecord, type RingRef } from '#ports/push-log.ts';
import { handset } from './call-item.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({
  pushes: z.record(z.string(), z.enum(PUSH_STATES)).default({}),
  stop: z
    .object({
      type: z.enum(STOP_TYPES),
      notify: z.boolean(),
      except: handset.exactOptional(),
    })
    .exactOptional(),
});

const parse = (row: Row | undefined): PushRecord => item.parse(row ?? {});

interface Write {
  readonly set: string;
  readonly values: Record<string, unknown>;
  readonly names?: Record<string, string>;
  readonly condition?: string;
}

/** Push records in DynamoDB: one row for each ring of a member. */
export function dynamoPushLog({ db, name, clock }: Table): PushLog {
  const update = (ring: RingRef, { set, values, names, condition }: Write) =>
    db.send(
      new UpdateCommand({
        TableName: name,
        Key: keys.push(ring),
        UpdateExpression: `SET ${set}`,
        ...defined({ ConditionExpression: condition, ExpressionAttributeNames: names }),
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const expiry = () => expiringAt(later(clock(), HOUR_MS)).ttl;
  return {
    claim: (ring, pushTokenKeys, now, leaseUntil) =>
      unlessLost(
        update(ring, {
          set: 'leaseUntil = :until, pushes = if_not_exists(pushes, :sending), attempts = if_not_exists(attempts, :none), #ttl = :ttl',
          values: {
            ':until': leaseUntil,
            ':now': now,
            ':none': {},
            ':sending': Object.fromEntries(pushTokenKeys.map((key) => [key, 'sending'])),
            ':ttl': expiry(),
          },
          names: { '#ttl': 'ttl' },
          condition: 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
        }).then(({ Attributes }) => ({ ...parse(Attributes), leased: false })),
        (row) => ({ ...parse(row), leased: true }),
      ),

    claimAttempt: (ring, pushTokenKey, attempt, redelivered) =>
      unlessLost(
        update(ring, {
          set: 'attempts.#d = :attempt',
          values: { ':attempt': attempt, ':accepted': 'accepted' },
          names: { '#d': pushTokenKey },
          condition: `attribute_not_exists(stop) AND pushes.#d <> :accepted AND (attribute_not_exists(attempts.#d) OR attempts.#d ${redelivered ? '<=' : '<'} :attempt)`,
        }).then(({ Attributes }) => parse(Attributes)),
        () => undefined,
      ),

    async record(ring, pushes) {
      const entries = Object.entries(pushes);
      const { Attributes } = await update(ring, {
        set: entries.map((_, i) => `pushes.#d${i} = :d${i}`).join(', '),
        values: Object.fromEntries(entries.map(([, state], i) => [`:d${i}`, state])),
        names: Object.fromEntries(entries.map(([key], i) => [`#d${i}`, key])),
      });
      return parse(Attributes);
    },

    stop: (ring, stop) =>
      unlessLost(
        update(ring, {
          set: 'stop = :stop, pushes = if_not_exists(pushes, :none), #ttl = :ttl',
          values: { ':stop': stop, ':none': {}, ':ttl': expiry() },
          names: { '#ttl': 'ttl' },
          condition: 'attribute_not_exists(stop)',
        }).then(({ Attributes }) => ({ ...parse(Attributes), first: true })),
        (row) => ({ ...parse(row), first: false }),
      ),

    claimRetry: (ring, retry, attempt, redelivered) =>
      unlessLost(
        update(ring, {
          set: '#retry = :attempt, #ttl = :ttl',
          values: { ':attempt': attempt, ':ttl': expiry() },
          names: { '#retry': `retry ${retry}`, '#ttl': 'ttl' },
          condition: `attribute_not_exists(#retry) OR #retry ${redelivered ? '<=' : '<'} :attempt`,
        }).then(() => true),
        () => false,
      ),

    claimNotice: (ring) =>
      unlessLost(
        update(ring, {
          set: 'noticed = :yes, #ttl = :ttl',
          values: { ':yes': true, ':ttl': expiry() },
          names: { '#ttl': 'ttl' },
          condition: 'attribute_not_exists(noticed)',
        }).then(() => true),
        () => false,
      ),
  };
}
