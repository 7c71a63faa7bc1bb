import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Manager } from 'socket.io-client';
import { describe, expect, inject, it, vi } from 'vitest';
import { APP_TEST_MS, settled } from '../../support/apps.ts';
import { bare, poll } from '../../support/bare-socket-io.ts';
import {
  callPath,
  eventually,
  keysOf,
  type Person,
  people,
  person,
  pushOf,
  rest,
  SESSIONS,
} from '../../support/people.ts';
import { callsClient, dial, videoClient, watched } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const offer = { type: 'offer', sdp: 'v=0 offer' };
const answer = { type: 'answer', sdp: 'v=0 answer' };
const POLLING = 'EIO=4&transport=polling';
const connect = ({ token }: Person, namespace = '') => `40${namespace}${JSON.stringify({ token })}`;

/** A client that polls, in no namespace yet. */
async function polling() {
  const opened = JSON.parse((await (await poll(POLLING)).text()).slice(1));
  const query = `${POLLING}&sid=${opened.sid}`;
  return {
    sid: String(opened.sid),
    async get(): Promise<string> {
      const answered = await poll(query);
      const text = await answered.text();
      if (!answered.ok) throw new Error(`a poll is answered with ${answered.status}: ${text}`);
      return text;
    },
    /** Polls until the session is over. */
    async over(): Promise<void> {
      for (;;) {
        const answered = await poll(query);
        if (answered.status === 400 || (await answered.text()) === '1') return;
      }
    },
    post: (body: string): Promise<Response> => poll(query, { method: 'POST', body }),
    /** Polls until there is a packet that begins like this. */
    async until(start: string): Promise<string> {
      for (;;) {
        const found = (await this.get()).split('\u001e').find((packet) => packet.startsWith(start));
        if (found !== undefined) return found;
      }
    },
  };
}

/** Whether the stack has logged a line with these texts. */
async function isLogged(...texts: string[]): Promise<boolean> {
  for await (const line of createInterface({ input: createReadStream(inject('stackFiles').log) })) {
    if (texts.every((text) => line.includes(text))) return true;
  }
  return false;
}

describe.concurrent('a client that polls', () => {
  it('and does not go on with a WebSocket is closed after 20 s, with a reason in the log', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const client = await polling();
    await client.post(connect(bob));
    await client.until('40');
    await client.over();
    await eventually(() => isLogged(client.sid, 'it has not upgraded to a WebSocket'), 'the reason');
    expect(await (await poll(`${POLLING}&sid=${client.sid}`)).json()).toMatchObject({ code: 1 });
    const caller = await callsClient(alice);
    await caller.ask('callUser', { to: bob.id, signalData: offer });
    expect(await caller.next('error')).toMatchObject([{ code: 'unreachable' }]);
  });

  it('and is in no namespace is closed after 10 s, with a reason in the log', async () => {
    const client = await polling();
    await client.over();
    await eventually(() => isLogged(client.sid, 'it is in no namespace'), 'the reason');
  });

  it('is refused what is too long, too much, binary or no packets, and stays', async () => {
    const client = await polling();
    await client.post(connect(await person('alice')));
    await client.until('40');
    expect((await client.post(`42["endCall",{"pad":"${'x'.repeat(33 * 1024)}"}]`)).status).toBe(200);
    expect(await client.until('42["error"')).toContain('payload_too_large');
    expect((await client.post(`42["endCall",{"pad":"${'x'.repeat(65 * 1024)}"}]`)).status).toBe(413);
    expect((await client.post('bAAEC')).status).toBe(200);
    expect(await client.until('42["error"')).toContain('validation_failed');
    const broken = await client.post('x');
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 3 }]);
    await client.post('427["endCall"]');
    expect(await client.until('437')).toBe('437[{"ok":true}]');
  });

  it('may send many events at once, but not more than a hundred', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const callee = await callsClient(bob);
    const client = await polling();
    await client.post(connect(alice));
    await client.until('40');
    const ring = `421${JSON.stringify(['callUser', { to: bob.id, signalData: offer }])}`;
    const candidates = Array.from({ length: 40 }, (_, i) => {
      const candidate = { candidate: `candidate:${i}`, sdpMid: '0', sdpMLineIndex: 0 };
      return `42${JSON.stringify(['iceCandidate', { to: bob.id, candidate }])}`;
    });
    expect((await client.post(Array.from({ length: 101 }, () => '2').join('\u001e'))).status).toBe(413);
    expect((await client.post([ring, ...candidates].join('\u001e'))).status).toBe(200);
    expect(await client.until('431')).toContain('"ok":true');
    await callee.next('incomingCall');
    const got = new Set();
    while (got.size < candidates.length) got.add((await callee.next('iceCandidate'))[0].candidate.candidate);
  });

  it('enters by a token in the query or in a header, and calls before and after it upgrades', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = dial({ query: { token: alice.token } });
    const callee = dial({ extraHeaders: { Authorization: `Bearer ${bob.token}` } });
    await Promise.all([caller.next('connect'), callee.next('connect')]);
    caller.socket.emit('callUser', { to: bob.id, signalData: offer });
    await callee.next('incomingCall');
    callee.socket.emit('answerCall', { to: alice.id, signalData: answer });
    expect(await caller.next('callAccepted')).toEqual([answer]);
  });
});

describe.concurrent('a WebSocket', () => {
  it('is closed for a frame of more than 32 KiB', async () => {
    const { socket, next, closed } = await bare();
    socket.send(connect(await person('alice')));
    await next('40');
    socket.send(`42["endCall",{"pad":"${'x'.repeat(33 * 1024)}"}]`);
    expect(await closed).toBe(1009);
  });

  it('gets an error for a message of more than 32 KiB in several frames, and stays', async () => {
    const { socket, next } = await bare();
    socket.send(connect(await person('alice')));
    await next('40');
    socket.send(`42["endCall",{"pad":"${'x'.repeat(20 * 1024)}`, { fin: false });
    socket.send(`${'x'.repeat(20 * 1024)}"}]`, { fin: true });
    expect(await next('42["error"')).toContain('payload_too_large');
    socket.send('427["endCall"]');
    expect(await next('437')).toBe('437[{"ok":true}]');
    socket.close();
  });

  it('carries several namespaces, each by itself', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const manager = new Manager(inject('stackUrl'), { transports: ['websocket'], forceNew: true });
    const auth = { token: bob.token };
    const inCalls = watched(manager.socket('/', { auth }));
    const inSessions = watched(manager.socket('/ws/calls', { auth }));
    const nowhere = watched(manager.socket('/nowhere', { auth }));
    await Promise.all([inCalls.next('connect'), inSessions.next('connect')]);
    expect(await nowhere.next('connect_error')).toMatchObject([{ message: 'Invalid namespace' }]);
    nowhere.socket.connect();
    expect(await nowhere.next('connect_error')).toMatchObject([{ message: 'Invalid namespace' }]);
    expect(inSessions.socket.id).not.toBe(inCalls.socket.id);

    const caller = await callsClient(alice);
    await caller.ask('callUser', { to: bob.id, signalData: offer });
    await inCalls.next('incomingCall');
    await caller.ask('endCall', { to: bob.id });
    await inCalls.next('callEnded');
    const { body } = await alice.post(SESSIONS, { recipientId: bob.id });
    await inSessions.next('call_invitation');
    await alice.post(`${SESSIONS}/${body.session.id}/end`);
    await inSessions.next('call_ended');

    inCalls.socket.disconnect();
    await eventually(async () => {
      await caller.ask('callUser', { to: bob.id, signalData: offer });
      return caller.of('error').length > 0;
    }, 'the loss of the namespace');
    await caller.ask('endCall', { to: bob.id });
    const again = await alice.post(SESSIONS, { recipientId: bob.id });
    expect(await inSessions.next('call_invitation')).toMatchObject([{ sessionId: again.body.session.id }]);
    inCalls.socket.connect();
    await inCalls.next('connect');
    expect(inSessions.of('disconnect')).toEqual([]);
    const names = (heard: typeof inCalls.heard) => heard.map(({ name }) => name);
    expect(names(inSessions.heard)).toEqual(['connect', 'call_invitation', 'call_ended', 'call_invitation']);
    manager._close();
  });
});

// By itself: the others would wait behind it.
describe('a WebSocket that floods', () => {
  it('takes ten thousand packets', async () => {
    const alice = await person('alice');
    const { socket, packets, next } = await bare();
    socket.send(connect(alice));
    await next('40');
    for (let i = 1; i <= 10_000; i += 1) {
      if (i % 100 === 0) socket.send(`42${i}["endCall"]`);
      else socket.send(i % 20 === 1 ? '42["dance"]' : '3');
      if (i % 500 === 0) expect(await next(`43${i}[`)).toBe(`43${i}[{"ok":true}]`);
    }
    await settled();
    expect(packets.filter((text) => text.startsWith('42["error"')).length).toBe(500);
    expect(packets.filter((text) => text.includes('"internal"'))).toEqual([]);
    expect((await alice.get('/api/v2/video/calls')).body.calls).toEqual([]);
    socket.close();
  });
});

describe.concurrent.each([
  ['calls', callsClient, 'answerCall', 'to', 'signalData', 'endCall', 'callUser'],
  ['video', videoClient, 'answer_call', 'toUserId', 'answer', 'end_call', 'call_user'],
] as const)('a phone that was woken, with a client of %s,', (_, client, accept, to, field, hangUp, ring) => {
  it('answers by its wake token, goes on with a call token, and can do nothing else', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const push = await bob.android({ hardware_id: 'b' });
    const caller = await callsClient(alice);
    const { callId } = await caller.ask('callUser', { to: bob.id, signalData: offer });
    const wake = keysOf(await pushOf(push, 'call.ring'))['wake_token'] ?? '';
    const woken = await client({ ...bob, token: wake });
    expect(await woken.ask(ring, { [to]: carol.id, signalData: offer, offer })).toMatchObject({
      ok: false,
      error: { code: 'not_allowed' },
    });
    const accepted = await rest().request('POST', callPath(callId, '/accept'), { token: wake, body: { answer } });
    expect(accepted.status).toBe(200);
    expect(await caller.next('callAccepted')).toEqual([answer]);
    const later = await client({ ...bob, token: accepted.body.call_token });
    expect(await later.ask(accept, { [to]: alice.id, [field]: answer })).toMatchObject({ ok: true, callId });
    expect(await later.ask(hangUp, { [to]: alice.id })).toEqual({ ok: true, callId });
    await caller.next('callEnded');
  });
});
