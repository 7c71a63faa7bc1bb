import { randomUUID } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoSignOutStore } from '#adapters/dynamodb/sign-out-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import type { TokenKind } from '#domain/identity.ts';
import { type EpochMs, epochMs, later, SECOND_MS } from '#domain/time.ts';
import type { ConnectionCloser } from '#ports/peer-link.ts';
import type { RoomJob } from '#ports/queues.ts';
import { isSignedOut } from '#usecases/devices/is-signed-out.ts';
import { registerDevice } from '#usecases/devices/register-device.ts';
import { eraseUser } from '#usecases/users/delete-user.ts';
import { signOut } from '#usecases/users/sign-out.ts';
import { bobsPhones } from '../support/bobs-phones.ts';
import { NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

// Signing out and deleting over the real table, at the moments that the local stack does not hit on demand.

useEmbeddedTable();

/** The stores and a user of this test; a clock that stands unless the test moves it. */
function scene() {
  const phones = bobsPhones(async () => ({ kind: 'accepted', messageId: 'm' }));
  const time = { now: later(NOON, 300) };
  const clock = () => time.now;
  const table = dynamoTable(inject('dynamodb').table, clock);
  const closed: string[] = [];
  const close: ConnectionCloser['close'] = async ({ id }) => void closed.push(id);
  const evicted: RoomJob[] = [];
  const deps = {
    ...phones.deps,
    roomJobs: { send: async (jobs: readonly RoomJob[]) => void evicted.push(...jobs) },
    clock,
    signOuts: dynamoSignOutStore(table),
    peers: { ...phones.deps.peers, close },
    maxDurationMs: 43_200_000,
    answerGraceMs: 0,
    history: { add: async () => undefined, list: async () => ({ entries: [] }) },
    wait: async (ms: number) => {
      time.now = later(time.now, ms);
    },
  };
  const { userId } = phones;
  const connect = (id: string, connectedAt: EpochMs) =>
    deps.presence.addConnection({ id, userId, kind: 'login', tokenFingerprint: 't', dialect: 'native', connectedAt });
  const register = (issuedAt: EpochMs | undefined, token: string = randomUUID(), kind: TokenKind = 'login') =>
    registerDevice({ ...deps, webPushHosts: [] })(
      { userId, token, provider: 'firebase' },
      { kind, ...(issuedAt !== undefined && { issuedAt }) },
    );
  const rows = async (): Promise<string[]> => {
    const { Items = [] } = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `USER#${userId}` },
      }),
    );
    return Items.map(({ sk }) => String(sk));
  };
  const put = (sk: string) => {
    const Item = { pk: `USER#${userId}`, sk, cid: 'default:c', claimedAt: NOON, expiresAt: NOON };
    return table.db.send(new PutCommand({ TableName: table.name, Item }));
  };
  return { deps, time, userId, closed, evicted, connect, register, rows, put };
}

let s: ReturnType<typeof scene>;
beforeEach(() => {
  s = scene();
});

const second = (ms: EpochMs): EpochMs => epochMs(ms - (ms % SECOND_MS));

describe('a sign-out', () => {
  it('is answered in the next second: what was issued in this one is refused, what comes after is good', async () => {
    const before = second(s.time.now);
    await signOut(s.deps)(s.userId);
    const signedOut = isSignedOut({
      ...s.deps,
      signOuts: dynamoSignOutStore(dynamoTable(inject('dynamodb').table, s.deps.clock)),
    });
    const token = { kind: 'login', userId: s.userId, tokenFingerprint: 't' } as const;
    expect(await signedOut({ ...token, issuedAt: before })).toBe(true);
    expect(await signedOut({ ...token, issuedAt: second(s.time.now) })).toBe(false);
    expect(await signedOut(token)).toBe(true);
    expect(await signedOut({ ...token, kind: 'server', issuedAt: before })).toBe(false);
    expect(await signedOut({ ...token, userId: randomUUID() })).toBe(false);
  });

  it('is known within three seconds to who has asked before', async () => {
    expect(await s.deps.signOuts.find(s.userId)).toBe(undefined);
    await s.deps.signOuts.record(s.userId, NOON);
    expect(await s.deps.signOuts.find(s.userId)).toBe(undefined);
    s.time.now = later(s.time.now, 3 * SECOND_MS);
    expect(await s.deps.signOuts.find(s.userId)).toBe(NOON);
  });

  it('forgets the connection of which nobody told that it is gone', async () => {
    await s.connect('stale', NOON);
    await signOut({ ...s.deps, peers: { ...s.deps.peers, close: async () => undefined } })(s.userId);
    expect(await s.deps.presence.connections(s.userId)).toEqual([]);
  });

  it('has connections in rooms closed, too, but for those of later', async () => {
    const seat = { userId: s.userId, roomId: 'standup' };
    await s.deps.presence.addSeat({ ...seat, connectionId: 'earlier', connectedAt: NOON });
    await s.deps.presence.addSeat({ ...seat, connectionId: 'later', connectedAt: later(NOON, 5 * SECOND_MS) });
    await signOut(s.deps)(s.userId);
    const job = { type: 'evict', connectionId: 'earlier', why: 'signed_out', attempt: 0 };
    expect(s.evicted).toEqual([{ ...seat, ...job }]);
    expect(await s.deps.presence.connections(s.userId)).toEqual([]);
  });

  it('while an old token registers a device leaves none of them, whichever is first', async () => {
    for (let round = 0; round < 30; round += 1) {
      const one = scene();
      const issuedAt = second(one.time.now);
      const [, registered] = await Promise.allSettled([signOut(one.deps)(one.userId), one.register(issuedAt)]);
      if (registered.status === 'rejected')
        expect(registered.reason).toMatchObject({ code: 'unauthenticated', reason: 'signed_out' });
      expect(await one.deps.pushTokens.list(one.userId), `round ${round}`).toEqual([]);
    }
  });

  it('refuses the wake tokens of before also if their device is registered again, whenever that is', async () => {
    for (let round = 0; round < 30; round += 1) {
      const one = scene();
      const issuedAt = second(one.time.now);
      const { pushToken } = await one.register(issuedAt, 'the-phone');
      const again = () => one.register(undefined, 'the-phone', 'server');
      await Promise.all([signOut(one.deps)(one.userId), round % 2 ? again() : undefined]);
      await again();
      const wake = { kind: 'wake', userId: one.userId, tokenFingerprint: `device:${pushToken.key}` } as const;
      const signedOut = isSignedOut(one.deps);
      expect(await signedOut({ ...wake, issuedAt }), `round ${round}`).toBe(true);
      expect(await signedOut({ ...wake, issuedAt: second(one.time.now) }), `round ${round}`).toBe(false);
    }
  });

  it('leaves devices and connections of later alone', async () => {
    await s.register(NOON);
    await signOut(s.deps)(s.userId);
    await s.register(second(s.time.now), 'of-later');
    await s.connect('later', s.time.now);
    await eraseUser(s.deps)({ type: 'erase', userId: s.userId, at: second(s.time.now) });
    expect((await s.deps.pushTokens.list(s.userId)).map(({ token }) => token)).toEqual(['of-later']);
    expect(await s.deps.presence.connections(s.userId)).toHaveLength(1);
    expect(s.closed).toEqual([]);
  });
});

describe('a deletion', () => {
  it('takes every row of the user but the sign-out, of whatever kind, also delivered twice', async () => {
    await s.register(NOON);
    await s.connect('c', NOON);
    const kinds = [
      'CALL#2026-01-01T00:00:00.000Z#default:c',
      'ENGAGED',
      'GONE#apn#k',
      'BLOCK#eve',
      'PREFERENCES',
      'RATE#1',
    ];
    await Promise.all([...kinds, ...Array.from({ length: 60 }, (_, i) => `CALL#${i}`)].map(s.put));
    await s.deps.signOuts.record(s.userId, later(NOON, SECOND_MS));
    const job = { type: 'erase', userId: s.userId, at: later(NOON, SECOND_MS) } as const;
    await eraseUser(s.deps)(job);
    await eraseUser(s.deps)(job);
    expect(await s.rows()).toEqual(['CUTOFF']);
    expect(s.closed).toEqual(['c']);
  });
});
