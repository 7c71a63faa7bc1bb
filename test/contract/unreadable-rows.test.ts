import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoTable, type Table } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { type EpochMs, epochMs, later } from '#domain/time.ts';
import { aCreatedCall, anAndroidPhone, anIphone } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

// A row that this version cannot read, such as a device of a provider that it does not know, must not hide the rows beside it.

let table: Table;
let now: EpochMs;
let reported: string[];
useEmbeddedTable();
beforeAll(() => {
  const { table: name } = inject('dynamodb');
  now = epochMs(Date.now());
  table = dynamoTable(
    name,
    () => now,
    ({ sk }) => reported.push(sk),
  );
});
beforeEach(() => {
  reported = [];
});

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
const put = (pk: string, sk: string, fields: object = {}) =>
  table.db.send(new PutCommand({ TableName: table.name, Item: { pk, sk, ...fields } }));

it('leaves a user reachable whose other device or connection is unreadable', async () => {
  const userId = unique('bob');
  const phone = anAndroidPhone({ userId, key: unique('key') });
  const connection = {
    id: unique('c'),
    userId,
    tokenFingerprint: 'f',
    kind: 'login' as const,
    dialect: 'native' as const,
    connectedAt: now,
  };
  await dynamoPushTokenStore(table).register(phone);
  await dynamoPresenceStore(table).addConnection(connection);
  await put(`USER#${userId}`, 'DEVICE#pigeon#k', { ...phone, provider: 'pigeon' });
  await put(`USER#${userId}`, 'CONN#old', { kind: 'guest' });
  expect(await dynamoPresenceStore(table).reach(userId)).toEqual({
    connections: [connection],
    seats: [],
    pushTokens: [phone],
  });
  expect(reported.toSorted()).toEqual(['CONN#old', 'DEVICE#pigeon#k']);
  expect(await dynamoPushTokenStore(table).list(userId)).toEqual([phone]);
});

it('greets a connection although the busy lock and a call of its user are unreadable', async () => {
  const userId = unique('bob');
  const call = { ...aCreatedCall(), cid: `default:${unique('c')}`, createdAt: now };
  await dynamoHistoryStore(table, 30).add(call, [userId]);
  await put(`USER#${userId}`, `CALL#${new Date(now).toISOString()}#~`);
  await put(`USER#${userId}`, 'ENGAGED', { cid: 7 });
  expect(await dynamoPresenceStore(table).pending(userId, later(now, -1000))).toEqual({
    connections: [],
    seats: [],
    recentCids: [call.cid],
  });
  expect(reported).toHaveLength(2);
});

it('lists the calls that it can read', async () => {
  const userId = unique('bob');
  const call = { ...aCreatedCall(), cid: `default:${unique('c')}` };
  await dynamoCallStore(table, 30).create(call);
  await dynamoHistoryStore(table, 30).add(call, [userId]);
  await put(`CALL#default:${userId}`, 'CALL', { status: 'parked' });
  await put(`USER#${userId}`, 'CALL#2020-01-01T00:00:00.000Z#x', { cid: 7 });
  expect((await dynamoHistoryStore(table, 30).list(userId, 10)).entries.map(({ cid }) => cid)).toEqual([call.cid]);
  expect(await dynamoCallStore(table, 30).findAll([call.cid, `default:${userId}`])).toEqual([call]);
  expect(reported).toEqual(['CALL#2020-01-01T00:00:00.000Z#x', 'CALL']);
});

it('delivers the signals and the trace events that it can read', async () => {
  const cid = `default:${unique('c')}`;
  const signal = { type: 'sdp.offer' as const, from: 'alice', at: now, body: { sdp: 'x' } };
  const event = { at: now, event: 'device.ringing', userId: 'bob' };
  await dynamoMailbox(table).keep({ cid, userId: 'bob' }, signal);
  await dynamoTraceStore(table, 30).write(cid, [event]);
  await put(`CALL#${cid}`, 'SIGNAL#bob##sdp#1', { ...signal, body: new Uint8Array([1, 2, 3]) });
  await put(`CALL#${cid}`, 'TRACE#1', { events: 'not packed' });
  expect(await dynamoMailbox(table).read({ cid, userId: 'bob' })).toEqual([signal]);
  expect(await dynamoTraceStore(table, 30).read(cid)).toEqual([event]);
  expect(reported.toSorted()).toEqual(['SIGNAL#bob##sdp#1', 'TRACE#1']);
});

it('lets a phone register again whose own row is unreadable', async () => {
  const phone = anIphone({ userId: unique('bob'), key: unique('key') });
  await put(`USER#${phone.userId}`, `DEVICE#apn#${phone.key}`, { token: 7 });
  expect(await dynamoPushTokenStore(table).register(phone)).toMatchObject({ created: true });
  expect(await dynamoPushTokenStore(table).list(phone.userId)).toEqual([phone]);
});

it('throws as long as nobody listens for unreadable rows', async () => {
  const userId = unique('bob');
  await put(`USER#${userId}`, 'CONN#old');
  const deaf = dynamoTable(table.name, () => now);
  await expect(dynamoPresenceStore(deaf).reach(userId)).rejects.toThrow();
});
