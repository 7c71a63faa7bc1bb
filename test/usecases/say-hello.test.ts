import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import type { HelloJob } from '#ports/queues.ts';
import { sayHello } from '#usecases/connections/say-hello.ts';
import { aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** Greets a connection of bob's whose socket opens after `closedFor` posts to it; he is rung while the hello waits for that. */
async function greeted(closedFor: number) {
  const clock = () => NOON;
  const table = dynamoTable(inject('dynamodb').table, clock);
  const bob = `bob-${randomUUID()}`;
  const user = { userId: bob, kind: 'login' as const, tokenFingerprint: 'b' };
  const calls = dynamoCallStore(table, 30);
  const presence = dynamoPresenceStore(table);
  const heard: unknown[] = [];
  const putBack: HelloJob[] = [];
  let posts = 0;
  const ring = async (): Promise<void> => {
    const call = aRingingCall([bob], {
      cid: `default:${randomUUID()}`,
      createdAt: clock(),
      endsAt: later(clock(), HOUR_MS),
    });
    await Promise.all([calls.create(call), dynamoHistoryStore(table, 30).add(call, [bob])]);
  };
  const connectedAt = clock();
  await presence.addConnection({ id: 'c', ...user, dialect: 'native', connectedAt });
  await sayHello({
    clock,
    calls,
    presence,
    mailbox: dynamoMailbox(table),
    traces: dynamoTraceStore(table, 30),
    timers: { send: async () => undefined },
    helloJobs: { send: async (jobs) => void putBack.push(...jobs) },
    roomJobs: { send: async () => undefined },
    peers: {
      async send(_, events) {
        posts += 1;
        if (posts <= closedFor) return 'gone';
        heard.push(...events.map(({ type }) => type));
        return 'sent';
      },
      isOpen: async () => true,
      close: async () => undefined,
    },
    mint: { login: async () => 'login', wake: async () => 'wake', call: async () => 'call' },
    iceServers: async () => [],
    wait: ring,
    vanishGraceMs: 20_000,
  })({ connectionId: 'c', attempt: 0, dialect: 'native', user, connectedAt }, false);
  return { heard, putBack };
}

it('waits for a socket that is just opening, and brings what came meanwhile', async () => {
  const { heard, putBack } = await greeted(1);
  expect(heard).toEqual(['user.connected', 'call.ring']);
  expect(putBack).toEqual([]);
});

it('is put back where the socket takes longer', async () => {
  const { heard, putBack } = await greeted(100);
  expect(heard).toEqual([]);
  expect(putBack).toEqual([expect.objectContaining({ connectionId: 'c', attempt: 1 })]);
});
