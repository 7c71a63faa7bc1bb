import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import type { Call } from '#domain/call/call.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { relaySignal } from '#usecases/calls/relay-signal.ts';
import { aRingingCall, NOON, onPhone } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

it('looks beside the call for whom the signal before was for, and tells nobody who is not in the call any more', async () => {
  const clock = () => NOON;
  const table = dynamoTable(inject('dynamodb').table, clock);
  const [presence, calls] = [dynamoPresenceStore(table), dynamoCallStore(table, 30)];
  const bob = `bob-${randomUUID()}`;
  const step = (from: Call, command: CallCommand) => {
    const decision = decide(from, command, NOON);
    if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
    return decision.change;
  };
  const ringing = aRingingCall([bob], { cid: `default:${randomUUID()}` });
  const call = step(ringing, { type: 'accept', by: bob, on: onPhone('phone') }).to;
  await calls.create(call);
  const of = { kind: 'login', tokenFingerprint: 'phone', hardwareId: 'phone', dialect: 'native' } as const;
  await presence.addConnection({ id: 'phone', userId: bob, ...of, connectedAt: NOON });
  const steps: string[] = [];
  const noted = <T>(step: string, done: T): T => {
    steps.push(step);
    return done;
  };
  const relay = relaySignal({
    clock,
    wait: async () => undefined,
    calls: { ...calls, find: async (cid) => noted('call', await calls.find(cid)) },
    presence: { ...presence, connections: (userId) => noted('connections', presence.connections(userId)) },
    mailbox: dynamoMailbox(table),
    timers: { send: async () => undefined },
    vanishGraceMs: 20_000,
    peers: { send: async () => noted('post', 'sent' as const), isOpen: async () => true },
  });
  const user = { kind: 'login', userId: call.createdBy.id, tokenFingerprint: 'alice-token' } as const;
  const signal = async () => {
    steps.length = 0;
    const wanted = { cid: call.cid, user, type: 'ice.candidate' as const, body: { candidate: 'c' } };
    await relay(wanted).catch((error: unknown) => steps.push(Object(error).code));
    return [...steps];
  };
  expect(await signal()).toEqual(['call', 'connections', 'post', 'connections']);
  expect(await signal()).toEqual(['connections', 'call', 'post', 'connections']);
  await calls.apply(step(call, { type: 'end', by: user.userId, on: { tokenFingerprint: user.tokenFingerprint } }));
  expect(await signal()).toEqual(['connections', 'call', 'call_ended']);
});
