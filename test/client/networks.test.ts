import { createServer } from 'node:http';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket as WebSocketOfWs } from 'ws';
import type { Call } from '#client/call.ts';
import type { SocketConstructor } from '#client/carillon.ts';
import type { LinkState } from '#client/link.ts';
import { people, person, tokenWith } from '../support/people.ts';
import { listening, nowhere, run } from '../support/program.ts';
import { becomes, clientOf, connected, network, next, nextOf, signal, talking, within } from './clients.ts';

/** A socket that is silent is suspected at once. */
const SUSPICIOUS = { silence: 500, ping: 1000 };

/** Everything that a call tells. */
function heardBy(call: Call): string[] {
  const heard: string[] = [];
  call.on('signal', ({ type }) => heard.push(`signal ${type}`));
  call.on('accepted', () => heard.push('accepted'));
  call.on('ringing', () => heard.push('ringing'));
  call.on('ended', ({ reason }) => heard.push(`ended ${reason}`));
  return heard;
}

describe('a connection that is lost', () => {
  it('comes back by itself, and the call goes on', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice, { url: relay.url, hardwareId: 'h1' });
    const his = await connected(bob);
    const call = await talking(hers, his);
    const states: LinkState[] = [];
    hers.on('connection', (state) => states.push(state));
    const back = nextOf(hers, 'connection').then(() => nextOf(hers, 'connection'));
    relay.cut();
    await back;
    expect(states).toEqual(['reconnecting', 'connected']);
    const offered = signal(call.his, 'v=0 later');
    void call.hers.send({ type: 'offer', sdp: 'v=0 later' });
    await offered;
    const ended = next(call.hers, 'ended');
    await call.his.hangUp();
    expect(await ended).toEqual({ reason: 'completed' });
  });

  it('tells what happened meanwhile: a ring that goes on, and a call that has ended', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice);
    const his = await connected(bob, { url: relay.url, hardwareId: 'h1' });
    relay.stall();
    relay.cut();
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id]);
    relay.recover();
    relay.cut();
    const rung = await incoming;
    await rung.accept();
    await becomes(call, 'active');
    relay.stall();
    relay.cut();
    await call.hangUp();
    const ended = next(rung, 'ended');
    relay.recover();
    relay.cut();
    expect(await ended).toEqual({ reason: 'completed' });
  });

  it('repeats a command that was not answered, and gets its answer once', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice, { url: relay.url, hardwareId: 'h1' });
    const his = await connected(bob);
    const incoming: Call[] = [];
    his.on('incoming', (call) => incoming.push(call));
    // The frame goes out; its answer never comes.
    relay.stall();
    const ringing = hers.ring([bob.id]);
    relay.cut();
    relay.recover();
    const call = await ringing;
    expect(call.status).toBe('ringing');
    const rung = incoming[0] ?? (await nextOf(his, 'incoming'));
    await rung.accept();
    await becomes(call, 'active');
    await call.hangUp();
    expect(incoming).toHaveLength(1);
  });

  it('gives up on a command that is not answered in time, and says so', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice, { url: relay.url, timing: { answer: 1000 } });
    relay.stall();
    await expect(hers.ring([bob.id])).rejects.toMatchObject({ code: 'timeout' });
    expect(hers.calls).toEqual([]);
  });

  it('is replaced when it is half open: nobody closed it, and nothing comes', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice, { url: relay.url, hardwareId: 'h1', timing: SUSPICIOUS });
    const his = await connected(bob);
    const call = await talking(hers, his);
    relay.stall();
    // What the silent socket has swallowed is sent again over the next one.
    const offered = signal(call.his, 'v=0 swallowed');
    void call.hers.send({ type: 'offer', sdp: 'v=0 swallowed' });
    relay.recover();
    await offered;
    const ended = next(call.his, 'ended');
    await call.hers.hangUp();
    await ended;
  });

  it('is renewed in time, and nothing is missed or told twice meanwhile', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    const hers = await connected(alice, { url: relay.url, hardwareId: 'h1', timing: { renew: 700, linger: 2000 } });
    const his = await connected(bob);
    const states: LinkState[] = [];
    hers.on('connection', (state) => states.push(state));
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id]);
    const heard = heardBy(call);
    const rung = await incoming;
    await next(call, 'ringing');
    await rung.accept();
    const last = signal(call, 'candidate:20');
    for (let i = 1; i <= 20; i += 1) {
      void rung.send({ type: 'candidates', candidates: [{ candidate: `candidate:${i}` }] });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await last;
    await rung.hangUp();
    await becomes(call, 'ended');
    const expected = ['ringing', 'accepted', ...Array(20).fill('signal candidates'), 'ended completed'];
    expect(heard.toSorted()).toEqual(expected.toSorted());
    expect(states).toEqual([]);
  });
});

describe('a token', () => {
  it('is asked for again when it is refused', async () => {
    const alice = await person('alice');
    const tokens = [await tokenWith({ user_id: alice.id }, { expires_in_s: -120 }), alice.token];
    let asked = 0;
    const client = clientOf(alice, { token: () => tokens[Math.min(asked++, 1)] ?? '' });
    expect((await client.connect()).user.id).toBe(alice.id);
    expect(asked).toBe(2);
  });

  it('that is refused and cannot be replaced is an error that says why', async () => {
    const alice = await person('alice');
    const expired = await tokenWith({ user_id: alice.id }, { expires_in_s: -120 });
    const refused = { code: 'unauthenticated', status: 401, reason: 'expired' };
    await expect(clientOf(alice, { token: expired }).connect()).rejects.toMatchObject(refused);
    await expect(clientOf(alice, { token: () => expired }).connect()).rejects.toMatchObject(refused);
    const client = clientOf(alice, { token: 'nonsense' });
    await expect(client.connect()).rejects.toMatchObject({ code: 'unauthenticated', reason: 'malformed' });
    expect(client.connection).toBe('closed');
  });

  it('that names no user, or is of an operator, is an error long before the connect time is over', async () => {
    const alice = await person('alice');
    const timing = { connect: 2 ** 31 - 1 };
    const server = await tokenWith({ role: 'server', user_id: undefined });
    await expect(clientOf(alice, { token: server, timing }).connect()).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('token'),
    });
    const operator = await tokenWith({ name: 'Olga' }, { kind: 'operator' });
    await expect(clientOf(alice, { token: operator, timing }).connect()).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('may expire in the middle of a call', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const relay = await network();
    let asked = 0;
    const token = () => {
      asked += 1;
      return tokenWith({ user_id: alice.id }, { expires_in_s: asked === 1 ? 1 : 3600 });
    };
    const hers = await connected(alice, { url: relay.url, token, hardwareId: 'h1' });
    const call = await talking(hers, await connected(bob));
    const back = nextOf(hers, 'connection').then(() => nextOf(hers, 'connection'));
    relay.cut();
    await back;
    expect(asked).toBe(2);
    expect((await call.hers.trace()).trace.length).toBeGreaterThan(0);
  });
});

describe('the eleventh connection of a user', () => {
  it('closes the oldest for good, which is told why', async () => {
    const alice = await person('alice');
    const oldest = await connected(alice, { hardwareId: 'phone-0' });
    const told = nextOf(oldest, 'error');
    for (let i = 1; i <= 10; i += 1) await connected(alice, { hardwareId: `phone-${i}` });
    expect(await told).toMatchObject({ code: 'connection_replaced' });
    expect(oldest.connection).toBe('closed');
  });
});

describe('a runtime without WebSocket', () => {
  it('connects by the one that is passed, and says so if there is none', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const theirs = globalThis.WebSocket;
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      await expect(clientOf(alice).connect()).rejects.toMatchObject({ code: 'no_websocket' });
      const passed = { WebSocket: WebSocketOfWs as unknown as SocketConstructor };
      await talking(await connected(alice, passed), await connected(bob, passed));
    } finally {
      globalThis.WebSocket = theirs;
    }
  });
});

describe('an address', () => {
  it('where nothing listens, and one where something else answers, are errors with a code', async () => {
    const alice = await person('alice');
    const options = { timing: { connect: 1500 } };
    await expect(clientOf(alice, { url: await nowhere(), ...options }).connect()).rejects.toMatchObject({
      code: 'offline',
    });
    const other = createServer((_, response) => response.writeHead(404).end('<h1>Not found</h1>'));
    const url = await listening(other);
    await expect(clientOf(alice, { url, ...options }).connect()).rejects.toMatchObject({ code: 'not_carillon' });
    other.close();
  });

  it('that is not the WebSocket’s is an error soon, which says where it is', async () => {
    const alice = await person('alice');
    const right = `${inject('stackUrl').replace('http', 'ws')}/ws`;
    for (const socketUrl of [`${right}/nowhere`, (await nowhere()).replace('http', 'ws')]) {
      const client = clientOf(alice, { socketUrl, timing: { connect: 2 ** 31 - 1, pause: [1, 5] } });
      await expect(client.connect()).rejects.toMatchObject({
        code: 'not_carillon',
        message: expect.stringContaining(socketUrl),
      });
    }
    expect((await connected(alice, { socketUrl: right })).connection).toBe('connected');
  });

  it('is tried again until it answers', async () => {
    const alice = await person('alice');
    const relay = await network();
    relay.stall();
    const client = clientOf(alice, { url: relay.url, timing: { open: 500 } });
    const hello = client.connect();
    setTimeout(() => relay.recover(), 800);
    expect((await hello).user.id).toBe(alice.id);
  });
});

describe('an app that is started anew', () => {
  it('resumes the call that it was in, as caller and as callee', async () => {
    const [alice, bob] = await people('alice', 'bob');
    for (const [who, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const theirs = await connected(other);
      const before = await connected(who, { hardwareId: 'laptop' });
      const call = who === alice ? await talking(before, theirs) : await talking(theirs, before);
      const kept = who === alice ? call.his : call.hers;
      before.close();
      const after = clientOf(who, { hardwareId: 'laptop' });
      const found = nextOf(after, 'resumable');
      await after.connect();
      const resumed = await found;
      expect(resumed.snapshot).toMatchObject({ cid: kept.cid, status: 'active', outgoing: who === alice });
      expect(await resumed.resume()).toMatchObject({ status: 'active' });
      expect(resumed.isResumed).toBe(true);
      const offered = signal(kept, 'v=0 anew');
      void resumed.send({ type: 'offer', sdp: 'v=0 anew' });
      await offered;
      const ended = next(kept, 'ended');
      await resumed.hangUp();
      expect(await ended).toEqual({ reason: 'completed' });
    }
  });

  it('can still cancel what it was ringing', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const his = await connected(bob);
    const before = await connected(alice, { hardwareId: 'laptop' });
    const incoming = nextOf(his, 'incoming');
    await before.ring([bob.id]);
    const rung = await incoming;
    before.close();
    const after = clientOf(alice, { hardwareId: 'laptop' });
    const found = nextOf(after, 'resumable');
    await after.connect();
    const ended = next(rung, 'ended');
    expect(await (await found).hangUp()).toMatchObject({ status: 'ended', reason: 'cancelled' });
    expect(await ended).toEqual({ reason: 'cancelled' });
  });

  it('gets no signal that was for the app before', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const his = await connected(bob);
    const before = await connected(alice, { hardwareId: 'laptop' });
    const call = await talking(before, his);
    const had = signal(call.hers, 'v=0 old');
    void call.his.send({ type: 'offer', sdp: 'v=0 old' });
    await had;
    before.close();
    const after = clientOf(alice, { hardwareId: 'laptop' });
    const found = nextOf(after, 'resumable');
    await after.connect();
    const resumed = await found;
    const heard: string[] = [];
    resumed.on('signal', (one) => heard.push(JSON.stringify(one)));
    await resumed.resume();
    const fresh = signal(resumed, 'v=0 new');
    void call.his.send({ type: 'offer', sdp: 'v=0 new' });
    await fresh;
    expect(heard.join()).not.toContain('v=0 old');
  });
});

describe('a client that is closed', () => {
  it('ends its calls here and tells nothing more', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const call = await talking(hers, his);
    hers.close();
    expect(call.hers.snapshot).toMatchObject({ status: 'ended', reason: 'left' });
    await expect(hers.ring([bob.id])).rejects.toMatchObject({ code: 'closed' });
    expect((await hers.connect()).user.id).toBe(alice.id);
  });

  it('lets its process end, also one that nobody connected, and one whose network is silent', async () => {
    const alice = await person('alice');
    const relay = await network();
    const script = (before: string, url: string): string => `
      import { Carillon } from './client/src/carillon.ts';
      const client = new Carillon({ url: '${url}', token: '${alice.token}' });
      ${before}
      console.log('done');`;
    const play = (before: string, url = inject('stackUrl')) =>
      within(run(process.execPath, ['--input-type=module', '-e', script(before, url)]), `the end of: ${before}`);
    const good = { code: 0, output: 'done\n' };
    expect(await play('')).toEqual(good);
    expect(await play('await client.connect(); client.close();')).toEqual(good);
    expect(await play('client.connect(); client.close();')).toEqual(good);
    expect(await play('await client.connect(); client.ring(["bob"]); client.close();')).toEqual(good);
    relay.stall();
    expect(await play('client.connect(); setTimeout(() => client.close(), 300);', relay.url)).toEqual(good);
  });
});
