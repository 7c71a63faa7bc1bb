import { expect, it, vi } from 'vitest';
import { APP_TEST_MS, startApp } from '../../support/apps.ts';
import { type Person, people, person, rest, tokenWith, unique } from '../../support/people.ts';
import { enter, openRoom, participantsOf, userOf } from '../../support/rooms.ts';
import { type Client, callsClient, sessionsClient, videoClient } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const offer = { type: 'offer', sdp: 'v=0 offer' };

const signOut = async (who: Person) => {
  const { status } = await rest().request('POST', `/api/v2/users/${who.id}/sign_out`, { token: who.token });
  expect(status).toBe(204);
};

const remove = async (who: Person) => {
  const token = await tokenWith({ role: 'server' });
  expect((await rest().request('DELETE', `/api/v2/users/${who.id}`, { token })).status).toBe(202);
};

/** How a client was disconnected; it does not come back by itself. */
const disconnected = async (client: Client): Promise<unknown> => {
  const [reason] = await client.next('disconnect');
  expect(client.socket.active).toBe(false);
  return reason;
};

it.concurrent.each([
  ['signs out everywhere', signOut],
  ['is deleted', remove],
] as const)('a user who %s is disconnected for good, in every dialect and room', async (_, leave) => {
  const [alice, bob] = await people('alice', 'bob');
  const [room, other] = [unique('room'), unique('room')];
  const clients = await Promise.all([callsClient(alice), videoClient(alice), sessionsClient(alice)]);
  const [hers, inOther] = await Promise.all([enter(room, alice), enter(other, alice)]);
  const his = await enter(room, bob);
  await leave(alice);
  const reasons = await Promise.all(clients.map(disconnected));
  expect(reasons).toEqual(clients.map(() => 'io server disconnect'));
  const [closed] = await Promise.all([hers.closed, inOther.closed]);
  expect(closed.code).toBe(1000);
  expect(hers.frames.at(-1)).toMatchObject({ type: 'error', payload: { code: 'unauthenticated' } });
  expect(userOf(await his.next('user_left'))).toBe(alice.id);
  const token = await tokenWith({ user_id: alice.id });
  const again = await openRoom(room, token);
  expect(participantsOf(await again.next('room_state'))).toEqual([bob.id, alice.id]);
  await Promise.all([again.close(), his.close()]);
});

it.concurrent('a call over Socket.IO ends some time after its caller signed out, and not before', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
  caller.socket.emit('callUser', { to: bob.id, signalData: offer });
  await callee.next('incomingCall');
  await callee.ask('answerCall', { to: alice.id, signalData: { type: 'answer', sdp: 'v=0 answer' } });
  await caller.next('callAccepted');
  await signOut(alice);
  await disconnected(caller);
  expect(callee.of('callEnded')).toEqual([]);
  await callee.next('callEnded');
});

it.concurrent('a client of Socket.IO that has not joined yet cannot do so after its user signed out', async () => {
  const alice = await person('alice');
  const client = await callsClient(alice, { path: '/video-socket' });
  await signOut(alice);
  client.socket.emit('join', alice.id);
  expect(await disconnected(client)).toBe('io server disconnect');
});

it.concurrent('the oldest of ten connections is closed for one more, whatever it speaks', async () => {
  const alice = await person('alice');
  const [room, other] = [unique('room'), unique('room')];
  const oldest = await callsClient(alice);
  const second = await enter(room, alice);
  const clients = [await videoClient(alice), await sessionsClient(alice)];
  for (let i = 0; i < 5; i += 1) clients.push(await callsClient(alice));
  const app = await startApp(alice);
  expect(oldest.of('disconnect').length).toBe(0);
  const newest = await enter(other, alice);
  expect(await disconnected(oldest)).toBe('io server disconnect');
  clients.push(await callsClient(alice));
  await second.closed;
  expect(second.frames.at(-1)).toMatchObject({ type: 'error', payload: { code: 'not_allowed' } });
  const next = await startApp(alice);
  const [third] = clients.splice(0, 1);
  if (third) expect(await disconnected(third)).toBe('io server disconnect');
  expect(clients.flatMap((client) => client.of('disconnect'))).toEqual([]);
  expect([app, next].flatMap((one) => one.heard('connection.replaced'))).toEqual([]);
  await newest.close();
});
