import { expect, it } from 'vitest';
import { people } from '../../support/people.ts';
import { dial, videoClient } from '../../support/socket-io.ts';

const offer = { type: 'offer', sdp: 'v=0 offer' };
const answer = { type: 'answer', sdp: 'v=0 answer' };

it('rings, answers, exchanges candidates and hangs up', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const [caller, callee] = await Promise.all([videoClient(alice), videoClient(bob)]);
  const rung = caller.ask('call_user', { toUserId: bob.id, offer });
  const [incoming] = await callee.next('incoming_call');
  expect(incoming).toMatchObject({ fromUserId: alice.id, offer, callType: 'video', fromName: 'alice' });
  expect(await rung).toEqual({ ok: true, callId: incoming.callId });
  callee.socket.emit('answer_call', { toUserId: alice.id, answer });
  expect(await caller.next('call_answered')).toEqual([{ fromUserId: bob.id, answer }]);
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
  caller.socket.emit('ice_candidate', { toUserId: bob.id, candidate });
  expect(await callee.next('ice_candidate')).toEqual([{ fromUserId: alice.id, candidate }]);
  callee.socket.emit('ice_candidate', { toUserId: alice.id, candidate: null });
  expect(await caller.next('ice_candidate')).toEqual([{ fromUserId: bob.id, candidate: null }]);
  callee.socket.emit('end_call', { toUserId: alice.id });
  expect(await caller.next('call_ended')).toEqual([{ fromUserId: bob.id, reason: 'completed' }]);
});

it('sends away whoever joins as somebody else, once, and for good', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const client = dial({ path: '/video-socket', transports: ['websocket'], auth: { token: alice.token } });
  await client.next('connect');
  client.socket.emit('join', bob.id);
  expect(await client.next('error')).toMatchObject([{ code: 'not_allowed' }]);
  expect((await client.next('disconnect'))[0]).toBe('io server disconnect');
  expect(client.of('ice_config')).toEqual([]);
});

it('takes a bare user id for a login where anybody may have a token', async () => {
  const [alice] = await people('alice');
  const client = dial({ path: '/video-socket', transports: ['websocket'] });
  await client.next('connect');
  client.socket.emit('join', alice.id);
  const [servers] = await client.next('ice_config');
  expect(servers).toEqual([{ urls: ['stun:stun.l.google.com:19302'] }]);
  expect(client.heard[1]?.name).toBe('ice_config');
});

it('takes what a client sends without waiting for its login', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const callee = await videoClient(bob);
  const client = dial({ path: '/video-socket', transports: ['websocket'], auth: { token: alice.token } });
  await client.next('connect');
  client.socket.emit('join', alice.id);
  client.socket.emit('call_user', { toUserId: bob.id, offer });
  await callee.next('incoming_call');
  expect(client.of('error')).toEqual([]);
});
