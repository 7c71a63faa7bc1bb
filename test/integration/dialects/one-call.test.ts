import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, startApp } from '../../support/apps.ts';
import { eventually, type Person, people, SHORT_RING, unique } from '../../support/people.ts';
import { type Client, callsClient, onPhone, sessionsClient } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const offer = { type: 'offer', sdp: 'v=0 offer' };
const answer = { type: 'answer', sdp: 'v=0 answer' };
const names = (client: Client) => client.heard.map(({ name }) => name).filter((name) => name !== 'connect');

describe('a phone that is told of one call at a time', () => {
  it.concurrent('is not told of a ring again when it reconnects, but another phone that connects is', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, first] = await Promise.all([callsClient(alice), callsClient(bob, onPhone('b1'))]);
    caller.socket.emit('callUser', { to: bob.id, signalData: offer });
    await first.next('incomingCall');
    first.socket.io.engine.close();
    await first.next('disconnect');
    await first.next('connect');
    const second = await callsClient(bob, onPhone('b2'));
    await second.next('incomingCall');
    expect(await first.ask('answerCall', { to: alice.id, signalData: answer })).toMatchObject({ ok: true });
    await caller.next('callAccepted');
    await second.next('callEnded');
    expect(first.of('incomingCall').length).toBe(1);
    caller.socket.emit('endCall', {});
    await first.next('callEnded');
    expect(second.of('callEnded').length).toBe(1);
  });

  it.concurrent('is told of an answer once, also after a reconnect', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice, onPhone('a1')), callsClient(bob)]);
    caller.socket.emit('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    callee.socket.emit('answerCall', { to: alice.id, signalData: answer });
    await caller.next('callAccepted');
    caller.socket.io.engine.close();
    await caller.next('disconnect');
    await caller.next('connect');
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    callee.socket.emit('iceCandidate', { to: alice.id, candidate });
    await caller.next('iceCandidate');
    expect(caller.of('callAccepted').length).toBe(1);
    callee.socket.emit('endCall', { to: alice.id });
    await caller.next('callEnded');
  });

  it.concurrent('hears no candidate before what announces their call, and all of them after it', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const callee = await callsClient(bob);
    const app = await startApp(alice);
    const call_cid = `default:${unique('call')}`;
    await app.ask({ type: 'call.ring', call_id: call_cid.slice(8), members: [{ user_id: bob.id }] });
    const candidates = ['candidate:1', 'candidate:2'].map((candidate) => ({ candidate, sdpMid: '0' }));
    await app.ask({ type: 'ice.candidate', call_cid, candidates });
    expect(names(callee)).toEqual([]);
    await app.ask({ type: 'sdp.offer', call_cid, sdp: 'the offer' });
    await callee.next('incomingCall');
    await callee.next('iceCandidate');
    await callee.next('iceCandidate');
    expect(names(callee)).toEqual(['incomingCall', 'iceCandidate', 'iceCandidate']);
  });

  it.concurrent('hears of an answer that came before its accept once both are there', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, app] = await Promise.all([callsClient(alice), startApp(bob)]);
    caller.socket.emit('callUser', { to: bob.id, signalData: offer });
    const { call_cid } = await app.next('call.ring');
    await app.ask({ type: 'sdp.answer', call_cid, sdp: 'the answer' });
    expect(names(caller)).toEqual([]);
    await app.ask({ type: 'call.accept', call_cid });
    expect(await caller.next('callAccepted')).toEqual([{ type: 'answer', sdp: 'the answer' }]);
  });

  it.concurrent('hears that the ring is over, if it connects after it, once', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await bob.android();
    const caller = await callsClient(alice);
    await caller.ask('callUser', { to: bob.id, signalData: offer });
    await caller.ask('endCall', { to: bob.id });
    const late = await callsClient(bob, onPhone('b1'));
    await late.next('callEnded');
    late.socket.io.engine.close();
    await late.next('disconnect');
    await late.next('connect');
    await late.ask('endCall', {});
    expect(late.of('callEnded').length).toBe(1);
  });

  it.concurrent('hears of the end of a ring before the ring that replaces it', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
    caller.socket.emit('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    caller.socket.emit('callUser', { to: bob.id, signalData: { ...offer, sdp: 'another' } });
    await callee.next('incomingCall');
    expect(names(callee)).toEqual(['incomingCall', 'callEnded', 'incomingCall']);
    expect(caller.of('callEnded').length).toBe(0);
  });

  it.concurrent('hears of the deadline', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [app, callee] = await Promise.all([startApp(alice), callsClient(bob)]);
    const ring = { type: 'call.ring', call_id: unique('call'), members: [{ user_id: bob.id }], offer, ...SHORT_RING };
    await app.ask(ring);
    await callee.next('incomingCall');
    await callee.next('callEnded');
    expect(callee.of('callEnded').length).toBe(1);
  });

  it.concurrent('knows nothing of a call of more people', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const [app, callee] = await Promise.all([startApp(alice), callsClient(bob)]);
    const members = [{ user_id: bob.id }, { user_id: carol.id }];
    await app.ask({ type: 'call.ring', call_id: unique('call'), members, offer });
    await app.next('call.unreachable', (frame) => frame['user_id'] === bob.id);
    expect(names(callee)).toEqual([]);
  });
});

describe('a caller', () => {
  it.concurrent.each([
    ['nobody is there', undefined],
    ['nobody is there but a client that has no words for the call', sessionsClient],
  ])('hears that %s, and the call is cancelled at once', async (_, connect) => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller] = await Promise.all([callsClient(alice), connect?.(bob)]);
    const { ok, callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    expect(ok).toBe(true);
    expect(await caller.next('error')).toEqual([{ message: 'User is offline', code: 'unreachable' }]);
    const { body } = await eventually(async () => {
      const answered = await alice.get(`/api/v2/video/call/default/${callId}`);
      return answered.body.call.status === 'ended' && answered;
    }, 'the end of the call');
    expect(body.call).toMatchObject({ ended_reason: 'cancelled', ended_by: alice.id });
    expect(caller.of('callEnded').length).toBe(0);
  });

  it.concurrent('who is being rung gets that call', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
    const { callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    expect(await callee.ask('callUser', { to: alice.id, signalData: offer })).toEqual({ ok: true, callId });
    await callee.next('incomingCall');
    expect(callee.of('incomingCall').length).toBe(1);
    expect(caller.of('incomingCall').length).toBe(0);
  });

  it.concurrent('leaves nobody ringing who hangs up at once', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller] = await Promise.all([callsClient(alice), callsClient(bob)]);
    const asked = [caller.ask('callUser', { to: bob.id, signalData: offer }), caller.ask('endCall', { to: bob.id })];
    const [{ callId }] = await Promise.all(asked);
    const { body } = await alice.get(`/api/v2/video/call/default/${callId}`);
    expect(body.call).toMatchObject({ status: 'ended', ended_reason: 'cancelled' });
  });

  it.concurrent('keeps the call that they begin right after they hang up another', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
    await caller.ask('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    const asked = [caller.ask('endCall', { to: bob.id }), caller.ask('callUser', { to: bob.id, signalData: offer })];
    const [, { callId }] = await Promise.all(asked);
    await callee.next('callEnded');
    await callee.next('incomingCall');
    const { body } = await alice.get(`/api/v2/video/call/default/${callId}`);
    expect(body.call.status).toBe('ringing');
  });
});

describe('a phone that is away when its call ends', () => {
  const isOver = async (person: Person, callId: string) =>
    eventually(async () => {
      const { body } = await person.get(`/api/v2/video/call/default/${callId}`);
      return body.call.status === 'ended';
    }, 'the end of the call');
  const leave = (client: Client) => {
    client.socket.disconnect();
    return client.next('disconnect');
  };
  const comeBack = (client: Client) => {
    client.socket.connect();
    return client.next('connect');
  };
  /** Alice talks to Bob. */
  const talking = async (options: Parameters<typeof callsClient>[1]) => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice, options), callsClient(bob, options)]);
    const { callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    await callee.ask('answerCall', { to: alice.id, signalData: answer });
    await caller.next('callAccepted');
    return { alice, bob, caller, callee, callId };
  };

  it.concurrent('is told so once when it connects again', async () => {
    for (const side of ['caller', 'callee'] as const) {
      const { alice, bob, caller, callee, callId } = await talking(onPhone('p1'));
      const [away, other, to] = side === 'caller' ? [caller, callee, alice] : [callee, caller, bob];
      await leave(away);
      await other.ask('endCall', { to: to.id });
      await isOver(alice, callId);
      await comeBack(away);
      await away.next('callEnded');
      await leave(away);
      await comeBack(away);
      await away.ask('endCall', {});
      expect(away.of('callEnded').length, side).toBe(1);
    }
  });

  it.concurrent('is told that its ring was declined', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice, onPhone('a1')), callsClient(bob)]);
    const { callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    await leave(caller);
    await callee.ask('rejectCall', { to: alice.id });
    await isOver(alice, callId);
    await comeBack(caller);
    await caller.next('callRejected');
  });

  it.concurrent('is not told of what it hung up itself', async () => {
    for (const side of ['caller', 'callee'] as const) {
      const { alice, bob, caller, callee, callId } = await talking(onPhone('p1'));
      const [away, other, user, to] = side === 'caller' ? [caller, callee, alice, bob] : [callee, caller, bob, alice];
      await away.ask('endCall', { to: to.id });
      await leave(away);
      await other.next('callEnded');
      await isOver(user, callId);
      await comeBack(away);
      await away.ask('callUser', { to: to.id, signalData: offer });
      await other.next('incomingCall');
      await other.ask('answerCall', { to: user.id, signalData: answer });
      await away.next('callAccepted');
      expect(away.of('callEnded'), side).toEqual([]);
    }
  });

  it.concurrent('is told nothing once its app was started anew', async () => {
    const started = (session_id: string) => ({ query: { hardware_id: 'p1', session_id } });
    const { alice, bob, caller, callee, callId } = await talking(started('first'));
    await leave(caller);
    await callee.ask('endCall', { to: alice.id });
    await isOver(alice, callId);
    const anew = await callsClient(alice, started('second'));
    await anew.ask('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    await callee.ask('answerCall', { to: alice.id, signalData: answer });
    await anew.next('callAccepted');
    expect(anew.of('callEnded')).toEqual([]);
  });

  it.concurrent('is told nothing of a call that had reached nobody', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = await callsClient(alice, onPhone('a1'));
    const { callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    await caller.next('error');
    await isOver(alice, callId);
    await leave(caller);
    await comeBack(caller);
    await caller.ask('endCall', {});
    expect(caller.of('callEnded')).toEqual([]);
  });
});
