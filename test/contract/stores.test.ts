import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoHostedPairs } from '#adapters/dynamodb/hosted-pairs.ts';
import { keys } from '#adapters/dynamodb/keys.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoSocketSessions } from '#adapters/dynamodb/socket-sessions.ts';
import { dynamoTable, queryRange, type Table } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import type { Call } from '#domain/call/call.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { type EpochMs, epochMs, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { aCreatedCall, anActiveCall, anAndroidPhone, aRingingCall, onPhone } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

let table: Table;
let now: EpochMs;
beforeAll(() => {
  now = epochMs(Date.now());
  table = dynamoTable(inject('dynamodb').table, () => now);
});

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
const stored = async (call: Call): Promise<Call> => {
  const own = { ...call, cid: `default:${unique('c')}` };
  await dynamoCallStore(table, 30).create(own);
  return own;
};
const step = (call: Call, command: CallCommand) => {
  const decision = decide(call, command, call.createdAt);
  if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
  return decision.change;
};
const accept = (by: string, hardwareId = 'phone'): CallCommand => ({ type: 'accept', by, on: onPhone(hardwareId) });

describe('HostedPairs', () => {
  it('finds the latest call of two people, whichever of them asks, until it is over', async () => {
    const pairs = dynamoHostedPairs(table);
    const [alice, bob, carol] = [unique('alice'), unique('bob'), unique('carol')];
    expect(await pairs.find(alice, bob)).toBeUndefined();
    await pairs.put(alice, bob, { cid: 'agora:1', expiresAt: later(now, 60_000) });
    await pairs.put(bob, alice, { cid: 'agora:2', expiresAt: later(now, 60_000) });
    expect([await pairs.find(alice, bob), await pairs.find(bob, alice)]).toEqual(['agora:2', 'agora:2']);
    expect(await pairs.find(alice, carol)).toBeUndefined();
    await pairs.put(alice, bob, { cid: 'agora:3', expiresAt: later(now, -2000) });
    expect(await pairs.find(alice, bob)).toBeUndefined();
  });
});

describe('CallStore', () => {
  const calls = () => dynamoCallStore(table, 30);

  it('returns what was created, whatever JSON its custom data holds', async () => {
    const call = await stored(
      aRingingCall(['bob'], {
        custom: { big: 2 ** 60, odd: '\ud800', tiny: 1e-200, deep: [[[{}]]] },
      }),
    );
    expect(await calls().find(call.cid)).toEqual(call);
    expect(await calls().findAll([call.cid, 'default:nobody'])).toEqual([call]);
    expect(await calls().find('default:nobody')).toBeUndefined();
  });

  it('returns the existing call to whoever creates its cid again', async () => {
    const call = await stored(aCreatedCall());
    expect(await calls().create({ ...call, video: false })).toEqual({ kind: 'exists', call });
  });

  it('applies a change and raises the version', async () => {
    const call = await stored(aRingingCall());
    const change = step(call, accept('bob'));
    expect(await calls().apply(change)).toEqual({ kind: 'saved', call: change.to });
    expect(await calls().find(call.cid)).toEqual(change.to);
  });

  it('lets one of two devices win, and returns the stored call to the loser', async () => {
    const call = await stored(aRingingCall());
    const results = await Promise.all(['one', 'two'].map((phone) => calls().apply(step(call, accept('bob', phone)))));
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'saved']);
    const [first, second] = results;
    expect(first?.call).toEqual(second?.call);
  });

  it('lets either an accept or a cancel win, never both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const call = await stored(aRingingCall());
      const results = await Promise.all([
        calls().apply(step(call, accept('bob'))),
        calls().apply(step(call, { type: 'cancel', by: 'alice' })),
      ]);
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'saved']);
    }
  });

  it('lets ninety-nine members answer an active call at once', async () => {
    const callees = Array.from({ length: 99 }, (_, i) => `u${i}`);
    const ringing = await stored(aRingingCall(callees));
    const first = await calls().apply(step(ringing, accept('u0')));
    const active = first.call ?? ringing;
    // On a slow machine an answer of the engine takes longer than an answer of AWS may: then a client asks again.
    const answer = (userId: string): ReturnType<CallStore['apply']> =>
      calls()
        .apply(step(active, accept(userId)))
        .catch((error: Error) => {
          if (error.name !== 'TimeoutError') throw error;
          return answer(userId);
        });
    const results = await Promise.all(callees.slice(1).map(answer));
    // A write whose answer came too late is sent again, and then finds that it has been done: whoever asked decides again.
    expect(results.map(({ kind }) => kind).filter((kind) => kind !== 'saved' && kind !== 'conflict')).toEqual([]);
    const after = await calls().find(ringing.cid);
    expect(after?.version).toBe(ringing.version + 99);
    expect(Object.values(after?.members ?? {}).filter(({ state }) => state === 'accepted')).toHaveLength(99);
  });

  it('writes the end of a large call at once, unless a member changed meanwhile', async () => {
    const callees = Array.from({ length: 99 }, (_, i) => `u${i}`);
    const call = await stored(aRingingCall(callees));
    const cancel = step(call, { type: 'cancel', by: 'alice' });
    await calls().apply(step(call, accept('u0')));
    expect((await calls().apply(cancel)).kind).toBe('conflict');
    const answered = await calls().find(call.cid);
    const ended = await calls().apply(step(answered ?? call, { type: 'end', by: 'alice', on: onPhone('a') }));
    expect(ended).toMatchObject({ kind: 'saved', call: { status: 'ended' } });
  });

  it('does not end a call to which a member was added meanwhile', async () => {
    const call = await stored(anActiveCall());
    const leave = step(call, { type: 'leave', by: 'bob' });
    await calls().apply(step(call, { type: 'add', by: 'alice', members: ['dave'], asServer: false }));
    expect((await calls().apply(leave)).kind).toBe('conflict');
  });

  it('moves only the answering handset to a new connection, without a new version', async () => {
    const call = await stored(aRingingCall());
    const { call: active } = await calls().apply(step(call, accept('bob')));
    const to = { ...onPhone('phone'), connectionId: 'new' };
    await calls().moveHandset({
      cid: call.cid,
      userId: 'bob',
      from: onPhone('tablet'),
      to: { ...onPhone('tablet'), connectionId: 'x' },
    });
    await calls().moveHandset({ cid: call.cid, userId: 'bob', from: onPhone('phone'), to });
    expect(await calls().find(call.cid)).toMatchObject({
      version: active?.version,
      members: { bob: { handset: to } },
    });
  });
});

describe('BusyLockStore', () => {
  const busyLocks = () => dynamoBusyLockStore(table);
  const by = (cid: string, expiresInMs = 60_000) => ({
    cid,
    version: 2,
    claimedAt: now,
    expiresAt: later(now, expiresInMs),
  });

  it('lets only one of several calls claim a user', async () => {
    const user = { userId: unique('user') };
    const results = await Promise.all(['a', 'b', 'c'].map((cid) => busyLocks().claim(user, by(cid))));
    expect(results.filter((result) => result === 'claimed')).toHaveLength(1);
    const winner = results.find((result) => typeof result === 'object');
    expect(winner).toMatchObject({ cid: expect.stringMatching(/^[abc]$/) });
  });
  it('recognizes the claim of the same call, and releases no other', async () => {
    const user = { userId: unique('user') };
    expect(await busyLocks().claim(user, by('a'))).toBe('claimed');
    expect(await busyLocks().claim(user, by('a'))).toBe('held');
    await busyLocks().release(user, { cid: 'b', version: 3 });
    expect(await busyLocks().claim(user, by('b'))).toEqual(by('a'));
    await busyLocks().release(user, { cid: 'a', version: 3 });
    expect(await busyLocks().claim(user, by('b'))).toBe('claimed');
  });
  it('gives up what one claim has, and nothing that another one of the same call has found held', async () => {
    const user = { userId: unique('user') };
    const claim = (claimedBy: string) => busyLocks().claim(user, { ...by('a'), claimedBy });
    expect(await claim('one')).toBe('claimed');
    await busyLocks().giveUp(user, 'two');
    expect(await claim('two')).toBe('held');
    await busyLocks().giveUp(user, 'one');
    expect(await busyLocks().claim(user, by('b'))).toEqual(by('a'));
    await busyLocks().release(user, { cid: 'a', version: 3 });
    expect(await claim('three')).toBe('claimed');
    await busyLocks().giveUp(user, 'three');
    expect(await busyLocks().claim(user, by('b'))).toBe('claimed');
  });
  it('gives up nothing that an answer has taken, which the call finds held', async () => {
    const user = { userId: unique('user') };
    await busyLocks().claim(user, { ...by('a'), claimedBy: 'one' });
    await busyLocks().take(user.userId, by('a'));
    await busyLocks().giveUp(user, 'one');
    expect(await busyLocks().claim(user, by('a'))).toBe('held');
    expect(await busyLocks().claim(user, by('b'))).toEqual(by('a'));
  });
  it('does not release what was claimed for the version that has no use for it, or for a later one', async () => {
    const user = { userId: unique('user') };
    await busyLocks().claim(user, { ...by('a'), version: 1 });
    expect(await busyLocks().claim(user, by('a'))).toBe('held');
    expect(await busyLocks().claim(user, { ...by('a'), version: 0 })).toBe('held');
    await busyLocks().release(user, { cid: 'a', version: 2 });
    expect(await busyLocks().claim(user, by('b'))).toEqual(by('a'));
    await busyLocks().release(user, { cid: 'a', version: 3 });
    expect(await busyLocks().claim(user, by('b'))).toBe('claimed');
  });
  it('releases one that was written when locks had no version', async () => {
    const [userId, { version: _, ...old }] = [unique('user'), by('a')];
    await table.db.send(new PutCommand({ TableName: table.name, Item: { ...keys.busyLock({ userId }), ...old } }));
    expect(await busyLocks().claim({ userId }, by('b'))).toEqual({ ...by('a'), version: 0 });
    await busyLocks().release({ userId }, { cid: 'a', version: 1 });
    expect(await busyLocks().claim({ userId }, by('b'))).toBe('claimed');
  });
  it('has one beside it for each caller whom the user does not hear', async () => {
    const userId = unique('user');
    const locks = [{ userId }, { userId, unheardBy: 'alice' }, { userId, unheardBy: 'carol' }];
    for (const [i, of] of locks.entries()) expect(await busyLocks().claim(of, by(`${i}`))).toBe('claimed');
    await busyLocks().release({ userId, unheardBy: 'alice' }, { cid: '1', version: 3 });
    const found = await Promise.all(locks.map((of) => busyLocks().claim(of, by('new'))));
    expect(found).toEqual([by('0'), 'claimed', by('2')]);
  });
  it('replaces a lock that has expired or whose call was found to be over', async () => {
    const user = { userId: unique('user') };
    await busyLocks().claim(user, by('old', -1));
    expect(await busyLocks().claim(user, by('new'))).toBe('claimed');
    expect(await busyLocks().claim(user, by('newer'), by('other'))).toEqual(by('new'));
    expect(await busyLocks().claim(user, by('newer'), by('new'))).toBe('claimed');
  });
});

describe('PushTokenStore', () => {
  const pushTokens = () => dynamoPushTokenStore(table);
  const aPushToken = (userId: string, extra = {}) => {
    const token = unique('token');
    return anAndroidPhone({ userId, token, key: token, ...extra });
  };

  const tombstones = (userId: string) => queryRange(table, { pk: `USER#${userId}`, from: 'GONE#', to: 'GONE#~' });

  it('keeps when a device was created', async () => {
    const phone = aPushToken(unique('user'));
    expect(await pushTokens().register(phone)).toEqual({ pushToken: phone, created: true });
    const again = { ...phone, createdAt: later(now, 5), refreshedAt: later(now, 5) };
    expect(await pushTokens().register(again)).toEqual({
      pushToken: { ...again, createdAt: phone.createdAt },
      created: false,
    });
  });
  it('removes a dead token, but not one that was registered again since then', async () => {
    const phone = aPushToken(unique('user'));
    await pushTokens().register(phone);
    await pushTokens().register({ ...phone, refreshedAt: later(phone.refreshedAt, 1) });
    expect(await pushTokens().removeIfUnchanged(phone, 'UNREGISTERED')).toBe(false);
    expect(await tombstones(phone.userId)).toEqual([]);
    const refreshed = { ...phone, refreshedAt: later(phone.refreshedAt, 1) };
    expect(await pushTokens().removeIfUnchanged(refreshed, 'UNREGISTERED')).toBe(true);
    expect(await pushTokens().list(phone.userId)).toEqual([]);
  });
  it('keeps for a month why a token was removed, without the token, and forgets it if the token is registered again', async () => {
    const phone = aPushToken(unique('user'), { hardwareId: 'h' });
    await pushTokens().register(phone);
    await pushTokens().removeIfUnchanged(phone, 'UNREGISTERED');
    const [tombstone, ...others] = await tombstones(phone.userId);
    expect(others).toEqual([]);
    expect(tombstone).toMatchObject({
      key: phone.key,
      device: phone.token.slice(-8),
      provider: 'firebase',
      hardwareId: 'h',
      reason: 'UNREGISTERED',
      removedAt: now,
      ttl: Math.floor((now + 30 * 24 * 3_600_000) / 1000),
    });
    expect(tombstone).not.toHaveProperty('token');
    await pushTokens().register(phone);
    expect(await tombstones(phone.userId)).toEqual([]);
  });
  it('keeps the reason if a token moved to another user, or was one too many', async () => {
    const [bob, carol] = [unique('bob'), unique('carol')];
    const phone = aPushToken(bob);
    await pushTokens().register(phone);
    await pushTokens().register({ ...phone, userId: carol });
    expect(await tombstones(bob)).toMatchObject([{ key: phone.key, reason: 'moved_to_another_user' }]);
    for (let i = 1; i <= 25; i += 1) await pushTokens().register(aPushToken(carol, { refreshedAt: later(now, i) }));
    expect(await tombstones(carol)).toMatchObject([{ key: phone.key, reason: 'too_many_devices' }]);
  });
  it('remembers what a push has shown', async () => {
    const phone = aPushToken(unique('user'));
    await pushTokens().register(phone);
    const failing = { reason: 'TopicDisallowed', since: now };
    await pushTokens().note(phone, { failing });
    expect(await pushTokens().list(phone.userId)).toEqual([{ ...phone, failing }]);
    await pushTokens().note(phone, { works: true, sandbox: true });
    expect(await pushTokens().list(phone.userId)).toEqual([{ ...phone, sandbox: true }]);
  });
});

describe('PresenceStore', () => {
  it('finds connections, push tokens, the busy lock and recent calls of a user, and nothing that has expired', async () => {
    const presence = dynamoPresenceStore(table);
    const userId = unique('user');
    const connection = {
      id: 'R0oX=',
      userId,
      tokenFingerprint: 'b',
      kind: 'login' as const,
      dialect: 'native' as const,
      connectedAt: now,
    };
    await presence.addConnection(connection);
    await presence.addConnection({ ...connection, id: 'old', connectedAt: later(now, -3 * 3_600_000) });
    const phone = anAndroidPhone({ userId, key: unique('k') });
    await dynamoPushTokenStore(table).register(phone);
    expect(await presence.reach(userId)).toEqual({ connections: [connection], seats: [], pushTokens: [phone] });

    const call = { ...aRingingCall(), cid: `default:${unique('c')}`, createdAt: now, endsAt: later(now, 60_000) };
    await dynamoHistoryStore(table, 30).add(call, [userId]);
    await dynamoHistoryStore(table, 30).add({ ...call, cid: 'default:older', createdAt: later(now, -600_000) }, [
      userId,
    ]);
    const busyLock = { cid: call.cid, version: 1, claimedAt: now, expiresAt: later(now, 1000) };
    await dynamoBusyLockStore(table).claim({ userId }, busyLock);
    expect(await presence.pending(userId, later(now, -60_000))).toEqual({
      connections: [connection],
      seats: [],
      recentCids: [call.cid],
      busyLock,
    });
  });
  it('lets one hello claim a connection', async () => {
    const presence = dynamoPresenceStore(table);
    const userId = unique('user');
    await presence.addConnection({
      id: 'c',
      userId,
      tokenFingerprint: 'b',
      kind: 'login',
      dialect: 'native',
      connectedAt: now,
    });
    expect(await presence.claimHello(userId, 'c')).toBe('first');
    expect(await presence.claimHello(userId, 'c')).toBe('claimed');
    await presence.removeConnection(userId, 'c');
    expect(await presence.claimHello(userId, 'c')).toBe('gone');
  });
});

describe('PushLog', () => {
  const ring = () => ({ cid: `default:${unique('c')}`, userId: 'bob', ringId: 'r' });
  const stop = { type: 'call.cancelled' as const, notify: true };
  it('leases a ring to one invocation, and to the next one after the lease has run out', async () => {
    const [log, one] = [dynamoPushLog(table), ring()];
    expect(
      await log.claim(one, { keys: ['d'], now, hardwareIds: { d: 'pixel' }, leaseUntil: later(now, 6000) }),
    ).toEqual({
      pushes: { d: 'sending' },
      hardwareIds: { d: 'pixel' },
      removed: [],
      leased: false,
    });
    expect(
      await log.claim(one, { keys: ['d'], now: later(now, 5999), hardwareIds: {}, leaseUntil: later(now, 9000) }),
    ).toMatchObject({
      leased: true,
    });
    await log.record(one, { d: 'accepted', e: 'sending' }, { e: 'galaxy' });
    expect(
      await log.claim(one, { keys: ['d'], now: later(now, 6000), hardwareIds: {}, leaseUntil: later(now, 9000) }),
    ).toMatchObject({
      pushes: { d: 'accepted', e: 'sending' },
      hardwareIds: { d: 'pixel', e: 'galaxy' },
      leased: false,
    });
  });
  it('lets each attempt be made once, and none if the push was accepted or the ring was stopped', async () => {
    const [log, one] = [dynamoPushLog(table), ring()];
    await log.claim(one, { keys: ['d', 'e'], now, hardwareIds: {}, leaseUntil: later(now, 6000) });
    const twice = await Promise.all([
      log.claimAttempt(one, { key: 'd', attempt: 2, redelivered: false }),
      log.claimAttempt(one, { key: 'd', attempt: 2, redelivered: false }),
    ]);
    expect(twice.filter(Boolean)).toHaveLength(1);
    expect(await log.claimAttempt(one, { key: 'd', attempt: 2, redelivered: true })).toEqual({
      hardwareIds: {},
      removed: [],
      pushes: { d: 'sending', e: 'sending' },
    });
    expect(await log.claimAttempt(one, { key: 'd', attempt: 3, redelivered: false })).toBeDefined();
    await log.record(one, { d: 'accepted' });
    expect(await log.claimAttempt(one, { key: 'd', attempt: 4, redelivered: false })).toBeUndefined();
    await log.stop(one, stop);
    expect(await log.claimAttempt(one, { key: 'e', attempt: 2, redelivered: false })).toBeUndefined();
  });
  it('lets each retry run once per attempt, and again if its message is redelivered', async () => {
    const [log, one] = [dynamoPushLog(table), ring()];
    expect(await log.claimRetry(one, { name: 'retry-stop d', attempt: 2, redelivered: false })).toBe(true);
    expect(await log.claimRetry(one, { name: 'retry-stop d', attempt: 2, redelivered: false })).toBe(false);
    expect(await log.claimRetry(one, { name: 'retry-stop d', attempt: 2, redelivered: true })).toBe(true);
    expect(await log.claimRetry(one, { name: 'retry-stop d', attempt: 3, redelivered: false })).toBe(true);
    expect(await log.claimRetry(one, { name: 'retry-notice d', attempt: 2, redelivered: false })).toBe(true);
  });
  it('lets a member be notified of a missed call once', async () => {
    const [log, one] = [dynamoPushLog(table), ring()];
    expect(await Promise.all([log.claimNotice(one), log.claimNotice(one)])).toContain(false);
    expect(await log.claimNotice(one)).toBe(false);
    expect(await log.claimNotice(ring())).toBe(true);
  });
  it('shows a push to the stop and the stop to the push, whichever comes first', async () => {
    const [log, one] = [dynamoPushLog(table), ring()];
    await log.claim(one, { keys: ['d'], now, hardwareIds: {}, leaseUntil: later(now, 6000) });
    expect(await log.stop(one, stop)).toEqual({
      pushes: { d: 'sending' },
      hardwareIds: {},
      removed: [],
      stop,
      first: true,
    });
    expect(await log.record(one, { d: 'accepted' })).toEqual({
      pushes: { d: 'accepted' },
      hardwareIds: {},
      removed: [],
      stop,
    });
    expect(await log.stop(one, stop)).toMatchObject({ first: false });
    const overtaken = ring();
    await log.stop(overtaken, stop);
    expect(
      await log.claim(overtaken, { keys: ['d'], now, hardwareIds: {}, leaseUntil: later(now, 6000) }),
    ).toMatchObject({ stop });
  });
});

describe('SocketSessions', () => {
  it('leave a member to whoever takes them out or ends the session, to one of both at the same moment', async () => {
    const sessions = dynamoSocketSessions(table);
    const user = { userId: 'alice', kind: 'login', issuedAt: now, tokenFingerprint: 'f' } as const;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const sid = unique('sid');
        await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: false, socket: sid });
        await sessions.join(sid, '/calls', { user });
        const session = await sessions.find(sid);
        if (!session) throw new Error('there is no session');
        const [closed, hasParted] = await Promise.all([sessions.close(session), sessions.part(sid, '/calls')]);
        expect(closed.members['/calls']).toEqual(hasParted ? undefined : { user });
        expect(await sessions.part(sid, '/calls')).toBe(false);
      }),
    );
  });
});

describe('Mailbox and TraceStore', () => {
  it('keep a signal for its recipient alone, for two minutes', async () => {
    const mailbox = dynamoMailbox(table);
    const cid = `default:${unique('c')}`;
    const signal = { type: 'sdp.offer' as const, from: 'alice', at: now, body: { sdp: 'x' } };
    await mailbox.keep({ cid, userId: 'bob' }, signal);
    await mailbox.keep({ cid, userId: 'bob' }, { ...signal, at: later(now, -121_000) });
    await mailbox.keep({ cid, userId: 'bobby' }, signal);
    expect(await mailbox.read({ cid, userId: 'bob' })).toEqual([signal]);
  });
  it('find an offer behind any number of candidates', async () => {
    const mailbox = dynamoMailbox(table);
    const cid = `default:${unique('c')}`;
    await mailbox.keep({ cid, userId: 'bob' }, { type: 'sdp.offer', from: 'alice', at: now, body: { sdp: 'x' } });
    const candidates = Array.from({ length: 150 }, (_, i) => i + 1);
    const ice = (seq: number) => ({
      type: 'ice.candidate' as const,
      from: 'alice',
      at: later(now, seq),
      body: { candidate: `c${seq}` },
    });
    await Promise.all(candidates.map((seq) => mailbox.keep({ cid, userId: 'bob' }, ice(seq))));
    const kept = await mailbox.read({ cid, userId: 'bob' });
    expect(kept).toHaveLength(64);
    expect(kept[0]?.type).toBe('sdp.offer');
    expect(kept.at(-1)?.body).toEqual({ candidate: 'c150' });
  });
  it('write a named event once, even if it is written twice at the same moment', async () => {
    const traces = dynamoTraceStore(table, 30);
    const cid = `default:${unique('c')}`;
    const event = { at: now, event: 'device.ringing', userId: 'bob' };
    const written = await Promise.all(['phone', 'phone', 'tablet'].map((name) => traces.writeOnce(cid, name, event)));
    expect(written.filter(Boolean)).toHaveLength(2);
    expect(await traces.writeOnce(cid, 'phone', event)).toBe(false);
    expect(await traces.read(cid)).toEqual([event, event]);
  });
  it('return a trace in the order of time', async () => {
    const traces = dynamoTraceStore(table, 30);
    const cid = `default:${unique('c')}`;
    const at = (ms: number) => ({ at: later(now, ms), event: `e${ms}`, userId: 'bob', details: { attempt: 1 } });
    await traces.write(cid, [at(2), at(5)]);
    await traces.write(cid, [at(1), at(3)]);
    await traces.write(cid, []);
    expect((await traces.read(cid)).map(({ event }) => event)).toEqual(['e1', 'e2', 'e3', 'e5']);
  });
});
