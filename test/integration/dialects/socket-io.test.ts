import { io } from 'socket.io-client';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { bare, poll, socketUrl } from '../../support/bare-socket-io.ts';
import { people, person, tokenWith } from '../../support/people.ts';
import { callsClient, dial, watched } from '../../support/socket-io.ts';

const offer = { type: 'offer', sdp: 'v=0 offer' };
const answer = { type: 'answer', sdp: 'v=0 answer' };
/** The status of an upgrade that is refused. */
const refusal = (query: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(socketUrl(query));
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.on('open', () => resolve(101));
  });

describe('a client that polls first', () => {
  it('calls and is called before and after it upgrades, and loses nothing', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = watched(io(inject('stackUrl'), { forceNew: true, auth: { token: alice.token } }));
    const callee = watched(io(inject('stackUrl'), { forceNew: true, auth: { token: bob.token } }));
    await Promise.all([caller.next('connect'), callee.next('connect')]);
    const rung = caller.ask('callUser', { to: bob.id, signalData: offer });
    const [incoming] = await callee.next('incomingCall');
    expect(incoming).toMatchObject({ from: alice.id, callType: 'voice' });
    for (let i = 0; i < 20; i += 1) {
      caller.socket.emit('iceCandidate', { to: bob.id, candidate: { candidate: `candidate:${i}`, sdpMid: '0' } });
    }
    expect(await rung).toMatchObject({ ok: true });
    expect(await callee.ask('answerCall', { to: alice.id, signalData: answer })).toMatchObject({ ok: true });
    expect(await caller.next('callAccepted')).toEqual([answer]);
    for (let i = 0; i < 20; i += 1) await callee.next('iceCandidate');
    const got = callee.of('iceCandidate').map(({ args }) => args[0].candidate.candidate);
    expect(new Set(got).size).toBe(20);
    expect(callee.of('incomingCall').length).toBe(1);
    for (const { socket } of [caller, callee]) {
      if (socket.io.engine.transport.name !== 'websocket') {
        await new Promise<void>((resolve) => {
          socket.io.engine.once('upgrade', () => resolve());
        });
      }
    }
    caller.socket.emit('endCall', { to: bob.id });
    await callee.next('callEnded');
    expect(caller.of('disconnect').length + callee.of('disconnect').length).toBe(0);
  });

  it('gets the packets that wait for its poll once', async () => {
    const alice = await person('alice');
    const opened = await (await poll('EIO=4&transport=polling')).text();
    const { sid, upgrades } = JSON.parse(opened.slice(1));
    expect(upgrades).toEqual(['websocket']);
    const session = `EIO=4&transport=polling&sid=${sid}`;
    const sent = await poll(session, { method: 'POST', body: `40${JSON.stringify({ token: alice.token })}` });
    expect(await sent.text()).toBe('ok');
    expect(await (await poll(session)).text()).toMatch(/^40\{"sid":"/);
    const waiting = poll(session);
    const { socket, next } = await bare(`EIO=4&transport=websocket&sid=${sid}`);
    socket.send('2probe');
    expect(await next('3')).toBe('3probe');
    expect(await (await waiting).text()).toBe('6');
    socket.send('5');
    socket.send('421["endCall"]');
    expect(await next('431')).toBe('431[{"ok":true}]');
    socket.close();
  });
});

describe('a handshake', () => {
  it.each([
    ['EIO=3&transport=polling', { code: 5, message: 'Unsupported protocol version' }],
    ['EIO=4&transport=carrier-pigeon', { code: 0, message: 'Transport unknown' }],
    ['EIO=4&transport=polling&sid=nobody', { code: 1, message: 'Session ID unknown' }],
  ])('%s is refused with the error that clients know', async (query, error) => {
    const response = await poll(query);
    expect([response.status, await response.json()]).toEqual([400, error]);
  });

  it.each(['EIO=3&transport=websocket', 'EIO=4&transport=websocket&sid=nobody'])('%s is refused', async (query) => {
    expect(await refusal(query)).toBe(400);
  });
});

describe('a namespace', () => {
  it('is closed to whoever has no good token, and they may try again', async () => {
    const alice = await person('alice');
    const forged = await tokenWith({ user_id: alice.id }, { bad_signature: true });
    const client = dial({ transports: ['websocket'], auth: { token: forged } });
    const [error] = await client.next('connect_error');
    expect(error).toMatchObject({ data: { code: 'unauthenticated', reason: 'bad_signature' } });
    client.socket.auth = { token: alice.token };
    client.socket.connect();
    await client.next('connect');
  });

  it('is entered by a token in the query, or in a header', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const byQuery = dial({ transports: ['websocket'], query: { token: alice.token } });
    const byHeader = dial({ transports: ['websocket'], extraHeaders: { Authorization: `Bearer ${bob.token}` } });
    await Promise.all([byQuery.next('connect'), byHeader.next('connect')]);
  });

  it('is invalid if there is none of that name', async () => {
    const alice = await person('alice');
    const client = dial({ transports: ['websocket'], auth: { token: alice.token } }, '/elsewhere');
    expect((await client.next('connect_error'))[0]).toMatchObject({ message: 'Invalid namespace' });
  });

  it('is left with the connection, which makes its user unreachable', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = await Promise.all([callsClient(alice), callsClient(bob)]);
    callee.socket.disconnect();
    await expect
      .poll(() => caller.ask('callUser', { to: bob.id, signalData: offer }).then(() => caller.of('error').length))
      .toBeGreaterThan(0);
    expect(caller.of('error')[0]?.args).toEqual([{ message: 'User is offline', code: 'unreachable' }]);
  });
});

describe('a packet', () => {
  it('opens a session within the WebSocket', async () => {
    const { next, socket } = await bare();
    const opened = JSON.parse((await next('0')).slice(1));
    expect(opened).toMatchObject({ upgrades: [], pingInterval: 480_000, pingTimeout: 120_000 });
    socket.close();
  });

  it('that says nothing for ten seconds ends the session', async () => {
    const { closed } = await bare();
    expect(await closed).toBe(1000);
  });

  it('that announces binary data is refused, and the data itself closes the socket', async () => {
    const { socket, next, closed } = await bare();
    const { token } = await person('alice');
    socket.send(`40${JSON.stringify({ token })}`);
    await next('40');
    socket.send('451-["callUser",{"_placeholder":true,"num":0}]');
    expect(await next('42["error"')).toContain('validation_failed');
    socket.send(`40/ws/calls,${JSON.stringify({ token })}`);
    await next('40/ws/calls,');
    socket.send('451-/ws/calls,7["callUser",{"_placeholder":true,"num":0}]');
    expect(await next('42/ws/calls,["error"')).toContain('binary data is not accepted');
    expect(await next('43/ws/calls,7')).toContain('validation_failed');
    socket.send(Buffer.from('offer'));
    expect(await closed).toBe(1003);
  });

  it('that is empty is refused as what it is, and the connection stays', async () => {
    const { socket, next } = await bare();
    socket.send(`40${JSON.stringify({ token: (await person('alice')).token })}`);
    await next('40');
    socket.send('4');
    const error = { code: 'invalid_json', message: 'this is not a Socket.IO packet' };
    expect(JSON.parse((await next('42["error"')).slice(2))).toEqual(['error', error]);
    socket.send('427["endCall"]');
    expect(await next('437')).toBe('437[{"ok":true}]');
  });

  it('that is unknown or wrong is refused by event and acknowledgement, and the connection stays', async () => {
    const client = await callsClient(await person('alice'));
    expect(await client.ask('dance', {})).toMatchObject({ ok: false, error: { code: 'unknown_type' } });
    expect((await client.next('error'))[0]).toMatchObject({ code: 'unknown_type' });
    const wrong = await client.ask('callUser', { to: 'bob', signalData: offer, callType: 'hologram' });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'validation_failed' } });
    expect(await client.ask('endCall')).toEqual({ ok: true });
  });
});
