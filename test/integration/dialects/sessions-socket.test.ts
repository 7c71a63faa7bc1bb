import { expect, it } from 'vitest';
import { startApp } from '../../support/apps.ts';
import { people, ring, SESSIONS } from '../../support/people.ts';
import { callsClient, onPhone, sessionsClient, startSession } from '../../support/socket-io.ts';

it('invites the recipient, tells of the answer and of the end', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const [hers, first, second] = await Promise.all([
    sessionsClient(alice),
    sessionsClient(bob, onPhone('first')),
    sessionsClient(bob, onPhone('second')),
  ]);
  const session = await startSession(alice, bob);
  const invitation = {
    sessionId: session.id,
    channelName: session.channelName,
    initiatorId: alice.id,
    initiatorName: 'alice',
    callType: 'VIDEO',
    expiresAt: expect.any(String),
  };
  expect(await Promise.all([first, second].map((one) => one.next('call_invitation')))).toEqual([
    [invitation],
    [invitation],
  ]);
  await bob.post(`${SESSIONS}/${session.id}/token`, { role: 'AUDIENCE', hardware_id: 'first' });
  const answered = [{ sessionId: session.id, userId: bob.id }];
  expect(await Promise.all([hers, second].map((one) => one.next('call_answered')))).toEqual([answered, answered]);
  await alice.post(`${SESSIONS}/${session.id}/end`);
  const ended = [{ sessionId: session.id, reason: 'completed' }];
  expect(await Promise.all([hers, first, second].map((one) => one.next('call_ended')))).toEqual([ended, ended, ended]);
  expect(first.of('call_answered')).toEqual([]);
});

it.each([
  ['the recipient declines', 'bob', 'decline', 'rejected'],
  ['the initiator cancels', 'alice', 'end', 'cancelled'],
] as const)('tells both once that it is over: %s', async (_, who, act, reason) => {
  const [alice, bob] = await people('alice', 'bob');
  const [hers, his] = await Promise.all([sessionsClient(alice), sessionsClient(bob)]);
  const { id } = await startSession(alice, bob);
  await his.next('call_invitation');
  await { alice, bob }[who].post(`${SESSIONS}/${id}/${act}`);
  const told = [{ sessionId: id, reason }];
  expect(await Promise.all([hers, his].map((one) => one.next('call_ended')))).toEqual([told, told]);
  expect([hers.of('call_ended').length, his.of('call_ended').length]).toEqual([1, 1]);
});

it('tells a client that connects of the ring that is on, and of one that is over', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const { id } = await startSession(alice, bob);
  const early = await sessionsClient(bob);
  expect(await early.next('call_invitation')).toMatchObject([{ sessionId: id }]);
  await alice.post(`${SESSIONS}/${id}/end`);
  await early.next('call_ended');
  const late = await sessionsClient(bob);
  expect(await late.next('call_ended')).toEqual([{ sessionId: id, reason: 'cancelled' }]);
  expect(late.of('call_invitation')).toEqual([]);
});

it('has no word for calls with SDP, and these have none for sessions: nobody is reachable by it', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol');
  const [hers, inSessions, inCalls] = await Promise.all([startApp(alice), sessionsClient(bob), callsClient(carol)]);
  const { cid } = await ring(alice, bob);
  expect(await hers.next('call.unreachable')).toMatchObject({ call_cid: cid, user_id: bob.id, reason: 'no_devices' });
  const { id } = await startSession(alice, carol);
  expect(await hers.next('call.unreachable')).toMatchObject({ call_id: id, user_id: carol.id, reason: 'no_devices' });
  expect(inSessions.of('call_invitation')).toEqual([]);
  expect(inCalls.of('incomingCall')).toEqual([]);
});
