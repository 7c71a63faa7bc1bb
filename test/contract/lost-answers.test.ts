import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, inject, it } from 'vitest';
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
import { losingAnswers } from '../support/losing-answers.ts';

useEmbeddedTable();

const now = epochMs(Date.now());
let table: Table;
/** Whether the network loses the answer to every write. */
let loses: boolean;
beforeEach(() => {
  loses = true;
});
beforeAll(() => {
  table = losingAnswers(
    dynamoTable(inject('dynamodb').table, () => now),
    () => loses,
  );
});

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
const aRing = () => ({ cid: `default:${unique('c')}`, userId: 'bob', ringId: 'r' });
const aCall = () => ({ ...aRingingCall(), cid: `default:${unique('c')}` });

/** What can be claimed, and whether the first and the second claim succeed. */
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
    const claim = async (ms: number) =>
      !(await log.claim(ring, { keys: ['d'], hardwareIds: {}, now, leaseUntil: later(now, ms) })).leased;
    return [await claim(6000), await claim(6001)];
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
    const stop = async (notify: boolean) => (await log.stop(ring, { type: 'call.missed', notify })).first;
    return [await stop(true), await stop(false)];
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
    loses = false;
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
    const create = async (video: boolean) =>
      (await dynamoCallStore(table, 30).create({ ...call, video })).kind === 'created';
    return [await create(true), await create(false)];
  },
  async 'the answer to a call'() {
    const [calls, call] = [dynamoCallStore(table, 30), aCall()];
    await calls.create(call);
    const accept = async (on: string) => {
      const decision = decide(call, { type: 'accept', by: 'bob', on: onPhone(on) }, call.createdAt);
      return decision.kind === 'changed' && (await calls.apply(decision.change)).kind === 'saved';
    };
    return [await accept('phone'), await accept('tablet')];
  },
  async 'the keep-alive of a room'() {
    const [rooms, id] = [dynamoRoomStore(table), unique('room')];
    await rooms.enter(id, { connectionId: 'c', userId: 'alice', username: 'Alice', enteredAt: now }, now);
    const claim = async (ms: number) => (await rooms.claimKeepAlive(id, now, later(now, ms))).kind === 'passed';
    return [await claim(1000), await claim(2000)];
  },
  async 'the way into a room'() {
    const [rooms, id] = [dynamoRoomStore(table), unique('room')];
    await rooms.enter(id, { connectionId: 'c', userId: 'alice', username: 'Alice', enteredAt: now }, now);
    const pass = async (to: 'joining' | 'out') =>
      (await rooms.pass({ roomId: id, connectionId: 'c', from: 'arriving', to })).kind === 'passed';
    return [await pass('joining'), await pass('out')];
  },
  async 'a namespace of Socket.IO'() {
    const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
    await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
    const user = (userId: string) => ({ userId, kind: 'login', issuedAt: now, tokenFingerprint: 'f' }) as const;
    const join = (userId: string) => sessions.join(sid, '/calls', { user: user(userId) });
    return [await join('alice'), await join('bob')];
  },
};

it.each(Object.entries(CLAIMS))(
  '%s is had by whoever claims it first, though the answer is lost',
  async (_, claimed) => {
    expect(await claimed()).toEqual([true, false]);
  },
);

it('packets wait once, and are taken, though every answer is lost', async () => {
  const [sessions, sid] = [dynamoSocketSessions(table), unique('sid')];
  await sessions.open({ sid, path: 'socket.io', openedAt: now, isPolled: true });
  await sessions.queue(sid, ['a', 'b']);
  await sessions.queue(sid, ['c']);
  expect(await sessions.take(sid)).toEqual(['a', 'b', 'c']);
  expect(await sessions.take(sid)).toEqual([]);
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
