import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { memberOf } from '#domain/call/call.ts';
import { nothingShown } from '#domain/shown.ts';
import { later, MINUTE_MS } from '#domain/time.ts';
import { answerPerson } from '#usecases/pairs/answer-person.ts';
import { ringPerson } from '#usecases/pairs/ring-person.ts';
import { callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

it('answers a ring only once its phone was told of it, and no later one in its place', async () => {
  const { deps: base, skew } = callDeps();
  const deps = { ...base, shownCalls: dynamoShownCalls(dynamoTable(inject('dynamodb').table, base.clock)) };
  const open = async (name: string) => {
    const [userId, connectionId] = [randomUUID(), `${name}-${randomUUID()}`];
    const user = { userId, kind: 'login' as const, tokenFingerprint: name, connectionId };
    const connection = { ...user, id: connectionId, dialect: 'calls' as const, connectedAt: deps.clock() };
    await deps.presence.addConnection(connection);
    return { user, connection };
  };
  const [{ user: alice }, { user: bob, connection }] = [await open('alice'), await open('bob')];
  const ring = () =>
    ringPerson(deps)({ user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false, at: deps.clock() });
  const tell = async (cid: string) => {
    const told = { ring: { at: deps.clock(), claimed: [connection.id], shown: [connection.id] } };
    const before = (await deps.shownCalls.find(connection)) ?? nothingShown(connection);
    await deps.shownCalls.save({ ...before, cid, told });
    return told.ring.at;
  };
  const answer = (at = deps.clock()) => answerPerson(deps)({ user: bob, to: alice.userId, answer: { sdp: 'v=0' }, at });

  const first = await ring();
  await tell(first.cid);
  skew.ms += MINUTE_MS;
  const pressed = deps.clock();
  skew.ms += 10;
  const second = await ring();
  skew.ms += 10;
  await expect(answer()).rejects.toMatchObject({ code: 'call_ended' });
  const toldAt = await tell(second.cid);
  await expect(answer(pressed)).rejects.toMatchObject({ code: 'call_ended' });
  await expect(answer(later(toldAt, -1))).rejects.toMatchObject({ code: 'call_ended' });
  skew.ms += 10;
  const call = await answer();
  expect([call.cid, memberOf(call, bob.userId)?.state]).toEqual([second.cid, 'accepted']);
});
