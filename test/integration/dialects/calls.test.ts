import { expect, it } from 'vitest';
import { people } from '../../support/people.ts';
import { callsClient } from '../../support/socket-io.ts';

const offer = { type: 'offer', sdp: 'v=0 offer' };
const answer = { type: 'answer', sdp: 'v=0 answer' };

it('rings, answers, exchanges candidates and hangs up', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
  const rung = caller.ask('callUser', { to: bob.id, signalData: offer, callType: 'video' });
  const [incoming] = await callee.next('incomingCall');
  expect(incoming).toMatchObject({ from: alice.id, signalData: offer, callType: 'video', fromName: 'alice' });
  expect(await rung).toEqual({ ok: true, callId: incoming.callId });
  expect(await callee.ask('answerCall', { to: alice.id, signalData: answer })).toMatchObject({ ok: true });
  expect(await caller.next('callAccepted')).toEqual([answer]);
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
  caller.socket.emit('iceCandidate', { to: bob.id, candidate });
  expect(await callee.next('iceCandidate')).toEqual([{ from: alice.id, candidate }]);
  callee.socket.emit('iceCandidate', { to: alice.id, candidate });
  expect(await caller.next('iceCandidate')).toEqual([{ from: bob.id, candidate }]);
  expect(await caller.ask('endCall', { to: bob.id })).toMatchObject({ ok: true });
  expect(await callee.next('callEnded')).toEqual([]);
  expect(await callee.ask('endCall', { to: alice.id })).toEqual({ ok: true });
  expect(caller.of('callEnded')).toEqual([]);
});
