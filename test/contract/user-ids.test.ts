import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoTable, type Table } from '#adapters/dynamodb/table.ts';
import { decide } from '#domain/call/decide.ts';
import { type EpochMs, epochMs, later } from '#domain/time.ts';
import { userId as userIdSchema } from '#wire/fields.ts';
import { anAndroidPhone, aRingingCall, onPhone } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

// One user's id may be the beginning of another's, or hold what keys and ranges are made of: each sees their own rows only.

let table: Table;
let now: EpochMs;
useEmbeddedTable();
beforeAll(() => {
  const { table: name } = inject('dynamodb');
  now = epochMs(Date.now());
  table = dynamoTable(name, () => now);
});

const bob = `bob-${randomUUID().slice(0, 8)}`;
const IDS = [bob, `${bob}~x`, `${bob}~`, `~${bob}`, `${bob}|1`, `${bob}=`, `a+${bob}@c.d`, `a:${bob}`, `${bob}.sdp`];

it.each(IDS)('is a user id: %s', (id) => {
  expect(userIdSchema.parse(id)).toBe(id);
});

describe('users whose ids are alike', () => {
  it('have connections, devices, calls and a busy lock of their own', async () => {
    const presence = dynamoPresenceStore(table);
    const busyLocks = dynamoBusyLockStore(table);
    const cidOf = (userId: string): string => `default:call-${IDS.indexOf(userId)}-of-${bob}`;
    const connectionOf = (userId: string) => ({
      id: `connection of ${userId}`,
      userId,
      tokenFingerprint: userId,
      kind: 'login' as const,
      dialect: 'native' as const,
      connectedAt: now,
    });
    const phoneOf = (userId: string) => anAndroidPhone({ userId, token: userId, key: `key of ${userId}` });
    const lockOf = (userId: string) => ({
      cid: cidOf(userId),
      version: 1,
      claimedAt: now,
      expiresAt: later(now, 60_000),
    });
    for (const userId of IDS) {
      await presence.addConnection(connectionOf(userId));
      await dynamoPushTokenStore(table).register(phoneOf(userId));
      const call = { ...aRingingCall(), cid: cidOf(userId), createdAt: now, endsAt: later(now, 60_000) };
      await dynamoHistoryStore(table, 30).add(call, [userId]);
      expect(await busyLocks.claim({ userId }, lockOf(userId))).toBe('claimed');
    }
    for (const userId of IDS) {
      expect(await presence.reach(userId)).toEqual({
        connections: [connectionOf(userId)],
        seats: [],
        pushTokens: [phoneOf(userId)],
      });
      expect(await presence.pending(userId, later(now, -60_000))).toEqual({
        connections: [connectionOf(userId)],
        seats: [],
        recentCids: [cidOf(userId)],
        busyLock: lockOf(userId),
      });
    }
  });

  it('have a mailbox of their own in one call, and a state', async () => {
    const mailbox = dynamoMailbox(table);
    const calls = dynamoCallStore(table, 30);
    const call = { ...aRingingCall(IDS), cid: `default:mailboxes-of-${bob}` };
    await calls.create(call);
    for (const [i, userId] of IDS.entries()) {
      const signal = { from: 'alice', at: later(now, i) };
      await mailbox.keep({ cid: call.cid, userId }, { ...signal, type: 'sdp.offer', body: { sdp: userId } });
      await mailbox.keep({ cid: call.cid, userId }, { ...signal, type: 'ice.candidate', body: { candidate: userId } });
    }
    for (const userId of IDS) {
      const bodies = (await mailbox.read({ cid: call.cid, userId })).map(({ body }) => body);
      expect(bodies).toEqual([{ sdp: userId }, { candidate: userId }]);
    }
    const accepted = decide(call, { type: 'accept', by: `${bob}~`, on: onPhone('phone') }, call.createdAt);
    if (accepted.kind !== 'changed') throw new Error('it rings for them');
    await calls.apply(accepted.change);
    const after = await calls.find(call.cid);
    expect(Object.entries(after?.members ?? {}).filter(([, { state }]) => state === 'accepted')).toMatchObject([
      [`${bob}~`, { userId: `${bob}~` }],
    ]);
  });
});
