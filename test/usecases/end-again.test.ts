import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { later } from '#domain/time.ts';
import { tellHandset } from '#usecases/one-call/tell-handset.ts';
import { endCall } from '#usecases/pairs/end-call.ts';
import { ringPerson } from '#usecases/pairs/ring-person.ts';
import { callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

it.each([0, 5000])('tells of an end once that is asked for again %i ms later, and never who asked', async (pause) => {
  const { deps: base, skew } = callDeps();
  const shownCalls = dynamoShownCalls(dynamoTable(inject('dynamodb').table, base.clock));
  const heard: string[] = [];
  const send = tellHandset({
    ...base,
    shownCalls,
    say: async ({ id }, notices) => {
      heard.push(...notices.map(({ type }) => `${id}: ${type}`));
      return 'sent';
    },
  });
  const deps = { ...base, shownCalls, peers: { ...base.peers, send } };
  const open = async (name: string) => {
    const [userId, connectionId] = [randomUUID(), `${name}-${randomUUID()}`];
    const user = { userId, kind: 'login' as const, tokenFingerprint: name, connectionId };
    const connection = { ...user, id: connectionId, dialect: 'calls' as const };
    await deps.presence.addConnection({ ...connection, connectedAt: later(deps.clock(), -60_000) });
    return user;
  };
  const [alice, bob] = [await open('alice'), await open('bob')];
  const ring = { user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false };
  await ringPerson(deps)({ ...ring, at: deps.clock() });
  for (const ms of [10, pause]) {
    skew.ms += ms;
    await endCall(deps)({ user: alice, to: bob.userId, at: deps.clock() });
  }
  expect(heard).toEqual([`${bob.connectionId}: over`]);
});
