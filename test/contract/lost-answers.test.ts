import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoRingCounters } from '#adapters/dynamodb/ring-counters.ts';
import { dynamoRoomStore } from '#adapters/dynamodb/room-store.ts';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoSocketSessions } from '#adapters/dynamodb/socket-sessions.ts';
import { dynamoTable, type Table } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { decide } from '#domain/call/decide.ts';
import { epochMs, later } from '#domain/time.ts';
import { aRingingCall, onPhone } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';
import { losingAnswers, type Mishap } from '../support/losing-answers.ts';

useEmbeddedTable();

const now = epochMs(Date.now());
/** A table at which everything goes well, and one at which it does not. */
let sound: Table;
let table: Table;
/** What becomes of the first attempt at every write. */
let mishap: Mishap | undefined;
beforeEach(() => {
  mishap = 'lost answer';
});
beforeAll(() => {
  sound = dynamoTable(inject('dynamodb').table, () => now);
  table = losingAnswers(sound, () => mishap);
});

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
const alice = { userId: 'alice', kind: 'login', issuedAt: now, tokenFingerprint: 'f' } as const;
const aRing = () => ({ cid: `default:${unique('c')}`, userId: 'bob', ringId: 'r' });
const aCall = () => ({ ...aRingingCall(), cid: `default:${unique('c')}` });

/** What can be claimed, and whether the first and the second claim succeed, which are alike. */
const CLAIMS: Readonly<Record<string, () => Promise<readonly [unknown, unknown]>>> = {
  async 'the hello of a connection'() {
    const [presence, userId] = [dynamoPresenceStore(table), unique('user')];
    const of = { kind: 'login', dialect: 'native', tokenFingerprint: 'f', connectedAt: now } as const;
    await presence.addConnection({ id: 'c', userId, ...of });
    const claim = async () => (await presence.claimHello(userId, 'c')) === 'first';
    return [await claim(), await claim()];
  },
  async 'the pushes of a ring'() {
    const [log, ring] = [dynamoPushLog(table), aRing()];
    const claim = async () =>
      !(await log.claim(ring, { keys: ['d'], hardwareIds: {}, now, leaseUntil: later(now, 6000) })).leased;
    return [await claim(), await claim()];
  },
  async 'an attempt at a push'() {
    const [log, ring] = [dynamoPushLog(table), aRing()];
    await log.claim(ring, { keys: ['d'], hardwareIds: {}, now, leaseUntil: later(now, 6000) });
    const claim = async () =>
      (await log.claimAttempt(ring, { key: 'd', attempt: 2, redelivered: false })) !== undefined;
    return [await claim(), await claim()];
  },
  async 'the stop of a ring'() {
    const [log, ring] = [dynamoPushLog(table), aRing()];
    const stop = async () => (await log.stop(ring, { type: 'call.missed', notify: true })).first;
    return [await stop(), await stop()];
  },
  async 'another attempt at a stop'() {
    const [log, ring] = [dynamoPushLog(table), aRing()];
    const claim = () => log.claimRetry(ring, { name: 'stop d', attempt: 2, redelivered: false });
    return [await claim(), await claim()];
  },
  async 'the notice of a missed call'() {
    const [log, ring] = [dynamoPushLog(table), aRing()];
    return [await log.claimNotice(ring), await log.claimNotice(ring)];
  },
  async 'what a phone is told of a call'() {
    const [shown, to] = [dynamoShownCalls(table), { cid: `default:${unique('c')}`, connectionId: 'c' }];
    const claim = async () => (await shown.claimSaid(to, ['a'])).has('a');
    const first = await claim();
    // Whoever asks next hears nothing of a claim that was made while their own answer was lost, too.
    if (mishap === 'lost answer') mishap = undefined;
    return [first, await claim()];
  },
  async 'what a phone shows'() {
    const shown = { userId: unique('user'), handset: 'h', version: 0, connectionId: 'c', told: {} };
    const save = () => dynamoShownCalls(table).save(shown);
    return [await save(), await save()];
  },
  async 'an event of a trace'() {
    const cid = `default:${unique('c')}`;
    const write = () => dynamoTraceStore(table, 30).writeOnce(cid, 'phone', { at: now, event: 'device.ringing' });
    return [await write(), await write()];
  },
  async 'a call that is made'() {
    const call = aCall();
    const create = async () => (await dynamoCallStore(table, 30).create(call)).kind === 'created';
    return [await create(), await create()];
  },
  async 'the answer to a call'() {
    const [calls, call] = [dynamoCallStore(table, 30), aCall()];
    await calls.create(call);
    const decision = decide(call, { type: 'accept', by: 'bob', on: onPhone('phone') }, call.createdAt);
    if (decision.kind !== 'changed') throw new Error(`an answer that is ${decision.kind}`);
    const accept = async () => (await calls.apply(decision.change)).kind === 'saved';
    return [await accept(), await accept()];
  },
  async 'the keep-alive of a room'() {
    const [rooms, id] = [dynamoRoomStore(table), unique('room')];
    await rooms.enter(id, { connectionId: 'c', userId: 'alice', username: 'Alice', enteredAt: now }, now);
    const claim = async () => (await rooms.claimKeepAlive(id, now, later(now, 1000))).kind === 'passed';
    return [await claim(), await claim()];
  },
  async 'the way into a room'() {
    const [rooms, id] = [dynamoRoomStore(table), unique('room')];
    await rooms.enter(id, { connectionId: 'c', userId: 'alice', username: 'Alice', enteredAt: now }, now);
    const pass = async () =>
      (await rooms.pass({ roomId: id, connectionId: 'c', from: 'arriving', to: 'joining' })).kind === 'passed';
    return [await pass(), await pass()];
  },
  async 'a namespace of Socket.IO'() {
    const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
    await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
    const join = () => sessions.join(sid, '/calls', { user: alice });
    return [await join(), await join()];
  },
  async 'the login in a namespace of Socket.IO'() {
    const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
    await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
    await sessions.join(sid, '/video', { bearer: alice });
    const login = () => sessions.login(sid, '/video', alice);
    return [await login(), await login()];
  },
  async 'a busy lock'() {
    const [busyLocks, userId] = [dynamoBusyLockStore(table), unique('user')];
    const lock = { cid: `default:${unique('c')}`, version: 1, claimedAt: now, expiresAt: later(now, 60_000) };
    const claim = async () => (await busyLocks.claim({ userId }, lock)) === 'claimed';
    return [await claim(), await claim()];
  },
};

describe.each(['lost answer', 'throttled'] as const)('at a first attempt with this mishap: %s', (happens) => {
  it.each(Object.entries(CLAIMS))('%s is had by whoever claims it first', async (_, claimed) => {
    mishap = happens;
    expect(await claimed()).toEqual([true, false]);
  });
});

it('a busy lock is held by whoever finds it so, though the answer is lost', async () => {
  const user = { userId: unique('user') };
  const lock = { cid: `default:${unique('c')}`, version: 1, claimedAt: now, expiresAt: later(now, 60_000) };
  await dynamoBusyLockStore(sound).claim(user, lock);
  expect(await dynamoBusyLockStore(table).claim(user, lock)).toBe('held');
});

it('a busy lock is held by both who claim it for a call, though the answer of the first is lost', async () => {
  const user = { userId: unique('user') };
  const lock = { cid: `default:${unique('c')}`, version: 1, claimedAt: now, expiresAt: later(now, 60_000) };
  const meanwhile = () => dynamoBusyLockStore(sound).claim(user, lock);
  const losing = losingAnswers(sound, () => mishap, meanwhile);
  expect(await dynamoBusyLockStore(losing).claim(user, lock)).toBe('held');
});

it('packets wait once, and are taken, though every answer is lost', async () => {
  const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
  await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
  await sessions.queue(sid, ['a', 'b']);
  await sessions.queue(sid, ['c']);
  expect(await sessions.take(sid)).toEqual(['a', 'b', 'c']);
  expect(await sessions.take(sid)).toEqual([]);
});

it.each(['queues', 'takes'] as const)(
  'a packet waits once, though somebody else %s between two attempts',
  async (does) => {
    const [sessions, sid] = [dynamoSocketSessions(sound), unique('sid')];
    await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
    const taken: string[] = [];
    const others = {
      queues: () => sessions.queue(sid, ['b']),
      takes: async () => taken.push(...(await sessions.take(sid))),
    };
    const ours = dynamoSocketSessions(losingAnswers(sound, () => mishap, others[does]));
    expect(await ours.queue(sid, ['a'])).toEqual({ kind: 'queued' });
    taken.push(...(await sessions.take(sid)));
    expect(taken).toEqual({ queues: ['a', 'b'], takes: ['a'] }[does]);
  },
);

it('a session of Socket.IO ends with everybody who was in it, though the answer is lost', async () => {
  const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
  await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
  await sessions.join(sid, '/calls', { user: alice });
  const session = await sessions.find(sid);
  if (!session) throw new Error('there is no session');
  expect(await sessions.close(session)).toEqual(session);
  expect(session.members).toEqual({ '/calls': { user: alice } });
  expect(await sessions.find(sid)).toBeUndefined();
});

it('whoever enters a room takes one place, though every answer is lost', async () => {
  const [rooms, id] = [dynamoRoomStore(table), unique('room')];
  const enter = (connectionId: string) =>
    rooms.enter(id, { connectionId, userId: connectionId, username: connectionId, enteredAt: now }, now);
  const entries = [];
  for (let i = 0; i <= 50; i += 1) entries.push(await enter(`c${i}`));
  const kinds = entries.map((entry) => (entry.kind === 'entered' && entry.isNew ? 'new' : entry.kind));
  expect(kinds).toEqual(['new', ...Array.from({ length: 49 }, () => 'entered'), 'full']);
});

it('a ring counts once, though every answer is lost', async () => {
  const [counters, by] = [dynamoRingCounters(table), unique('alice')];
  const count = (nonce: string) =>
    counters.count({ by, at: now, cid: 'default:c', nonce, callees: ['bob'] }, { minute: 2, hour: 9 });
  const kinds = [await count('a'), await count('b'), await count('c')].map(({ kind }) => kind);
  expect(kinds).toEqual(['counted', 'counted', 'full']);
});
