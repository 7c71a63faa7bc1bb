import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import type { Delivery } from '#ports/peer-link.ts';
import { deliverSignal } from '#usecases/signalling/deliver-signal.ts';
import { aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** A signal of the caller to bob, who is rung and connected; `keep` is called with what keeps it. Resolves with what was posted, in order. */
async function signalled(
  keep: (
    keepIt: () => Promise<void>,
    connect: (id: string) => Promise<void>,
    posted: readonly string[],
  ) => Promise<void>,
  answers: readonly Delivery[] = [],
): Promise<readonly string[]> {
  const clock = () => NOON;
  const table = dynamoTable(inject('dynamodb').table, clock);
  const bob = `bob-${randomUUID()}`;
  const presence = dynamoPresenceStore(table);
  const mailbox = dynamoMailbox(table);
  const posted: string[] = [];
  const connect = (id: string) =>
    presence.addConnection({
      id,
      userId: bob,
      kind: 'login',
      tokenFingerprint: 'b',
      dialect: 'native',
      connectedAt: clock(),
    });
  await connect('first');
  const call = aRingingCall([bob], {
    cid: `default:${randomUUID()}`,
    createdAt: clock(),
    endsAt: later(clock(), HOUR_MS),
  });
  await deliverSignal({
    clock,
    presence,
    calls: dynamoCallStore(table, 30),
    mailbox: {
      ...mailbox,
      keep: (...what: Parameters<typeof mailbox.keep>) => keep(() => mailbox.keep(...what), connect, posted),
    },
    timers: { send: async () => undefined },
    vanishGraceMs: 20_000,
    peers: {
      async send({ id }) {
        posted.push(id);
        return answers[posted.length - 1] ?? 'sent';
      },
      isOpen: async () => true,
    },
  })({
    call,
    from: { kind: 'login', userId: call.createdBy.id, tokenFingerprint: 'a' },
    type: 'sdp.offer',
    body: { sdp: 'sdp' },
  });
  return posted;
}

it('reaches whoever is connected although it is not kept yet', async () => {
  const posted = await signalled(async (keepIt, _, sofar) => {
    await expect.poll(() => sofar).toEqual(['first']);
    await keepIt();
  });
  expect(posted).toEqual(['first']);
});

it('reaches a connection that opens while it is being kept', async () => {
  const posted = await signalled(async (keepIt, connect, sofar) => {
    await expect.poll(() => sofar).toEqual(['first']);
    await connect('second');
    await keepIt();
  });
  expect(posted).toEqual(['first', 'second']);
});

it.each<[string, Delivery]>([
  ['was not open yet: its hello may have looked before it was kept', 'gone'],
  ['says it later: whatever it says that with may have looked before it was kept', 'held'],
  ['is about to be told the call: whoever does so may have looked before it was kept', 'underway'],
  ['could not be posted to', 'failed'],
])('is posted again to a connection that %s', async (_, delivery) => {
  const posted = await signalled(async (keepIt) => keepIt(), [delivery]);
  expect(posted).toEqual(['first', 'first']);
});
