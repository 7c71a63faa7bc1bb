import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnStack, startOwnStack } from '../../support/own-stack.ts';
import { callPath, SESSIONS, unique } from '../../support/people.ts';
import { watched } from '../../support/socket-io.ts';

// How often somebody may ring, and who. The other tests ring as often as they like.

// The minute and the hour are full at once: so no test depends on the minute in which it runs.
const RATE = { minute: 4, hour: 4, pair: 3 };

const settings = (of: object) => ({ CARILLON_SETTINGS: JSON.stringify(of) });
const bodyFor = (callee: string, extra: object = {}) => ({ members: [{ user_id: callee }], ring: true, ...extra });

describe('a ring rate', () => {
  let stack: OwnStack;
  beforeAll(async () => {
    stack = await startOwnStack(settings({ ring_rate: RATE }));
  });
  afterAll(() => stack.stop());

  const ringOf = (caller: string, callee: string, by: object = { user_id: caller }) =>
    stack.request('POST', callPath(unique('call')), by, bodyFor(callee));

  it('is told over REST with Retry-After, by every way to ring', async () => {
    const alice = unique('alice');
    const by = { user_id: alice };
    const answers = [];
    for (let i = 0; i <= RATE.hour; i += 1) answers.push(await ringOf(alice, unique('bob')));
    const refused = answers.at(-1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 429]);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', status: 429 } });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(3600);

    // A call that is created without a ring is none.
    const later = callPath(unique('call'));
    const created = await stack.request('POST', later, by, bodyFor(unique('bob'), { ring: false }));
    expect(created.status).toBe(201);
    expect((await stack.request('POST', `${later}/ring`, by, {})).body).toMatchObject({ code: 'rate_limited' });
    const added = await stack.request('POST', `${later}/members`, by, bodyFor(unique('carol')));
    expect(added.body).toMatchObject({ code: 'rate_limited' });
    const { call, members } = (await stack.request('GET', later, by)).body;
    expect(call.status).toBe('created');
    expect(members).toHaveLength(2);
  });

  it('is told over a socket with retry_after_s, and the callee hears nothing', async () => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const [hers, his] = [await stack.connect({ user_id: alice }), await stack.connect({ user_id: bob })];
    const answers = [];
    for (let i = 0; i <= RATE.pair; i += 1) {
      const call_id = unique('call');
      answers.push(await hers.ask({ type: 'call.ring', call_id, members: [{ user_id: bob }] }));
    }
    const refused = answers.find(({ type }) => type === 'error');
    expect(refused).toMatchObject({ error: { code: 'rate_limited' }, for: 'call.ring' });
    const { retry_after_s: seconds } = Object(refused?.['error']);
    expect(seconds).toBeGreaterThan(0);
    await stack.request('GET', '/_local/quiet?delayed=1000000', { user_id: alice });
    // Each ring replaces the one before, so he may hear of fewer than she placed; but never of the one that was refused.
    const placed = answers.flatMap(({ type, call }) => (type === 'response' ? [Object(call).id] : []));
    const heard = his.frames.flatMap(({ type, call_id }) => (type === 'call.ring' ? [call_id] : []));
    expect(heard.length).toBeGreaterThan(0);
    expect(placed).toEqual(expect.arrayContaining(heard));
    await Promise.all([hers.close(), his.close()]);
  });

  const offer = { type: 'offer', sdp: 'v=0 offer' };

  it.each([
    ['calls', '/socket.io', 'callUser', (to: string) => ({ to, signalData: offer })],
    ['video', '/video-socket', 'call_user', (toUserId: string) => ({ toUserId, offer })],
  ] as const)('is told to clients of %s as an error event and in the acknowledgement', async (_, path, name, ring) => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const dial = async (user_id: string) => {
      const auth = { token: await stack.tokenWith({ user_id }) };
      const client = watched(io(stack.url, { forceNew: true, transports: ['websocket'], path, auth }));
      await client.next('connect');
      if (path === '/video-socket') await client.ask('join', user_id);
      return client;
    };
    const [hers, his] = await Promise.all([dial(alice), dial(bob)]);
    const rung = [];
    for (let i = 0; i <= RATE.pair; i += 1) rung.push(await hers.ask(name, ring(bob)));
    expect(rung.map(({ ok }) => ok)).toEqual([true, true, true, false]);
    const { error } = rung.at(-1);
    expect(error).toEqual({ code: 'rate_limited', message: expect.any(String), retry_after_s: expect.any(Number) });
    expect(error.retry_after_s).toBeGreaterThan(0);
    expect(await hers.next('error')).toEqual([error]);
    await stack.request('GET', '/_local/quiet?delayed=1000000', { user_id: alice });
    const placed = rung.slice(0, -1).map(({ callId }) => callId);
    const heard = his.heard.filter(({ name: one }) => one.toLowerCase().startsWith('incoming'));
    expect(placed).toEqual(expect.arrayContaining(heard.map(({ args }) => args[0].callId)));
  });

  it('is told to clients of sessions as a problem, with Retry-After', async () => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const start = () => stack.request('POST', SESSIONS, { user_id: alice }, { recipientId: bob });
    const answers = [];
    for (let i = 0; i <= RATE.pair; i += 1) answers.push(await start());
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429]);
    const refused = answers.at(-1);
    expect(refused?.body).toMatchObject({ statusCode: 429, code: 'rate_limited', message: expect.any(String) });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not count what the app’s own backend rings', async () => {
    const alice = unique('alice');
    for (let i = 0; i <= RATE.hour; i += 1) {
      const path = `${callPath(unique('call'))}?user_id=${alice}`;
      const { status } = await stack.request('POST', path, { role: 'server' }, bodyFor(unique('bob')));
      expect(status).toBe(201);
    }
  });
});

describe('a stage in which only the app’s own backend rings', () => {
  let stack: OwnStack;
  beforeAll(async () => {
    stack = await startOwnStack(settings({ who_may_ring: 'server', open_mint: false }));
  });
  afterAll(() => stack.stop());

  it('refuses the ring of a user by every way, and lets them do all else', async () => {
    const [alice, bob] = [unique('alice'), unique('bob')];
    const by = { user_id: alice };
    const path = callPath(unique('call'));
    const refusal = { code: 'not_allowed', status: 403 };
    expect((await stack.request('POST', path, by, bodyFor(bob))).body).toMatchObject(refusal);
    expect((await stack.request('POST', path, by, bodyFor(bob, { ring: false }))).status).toBe(201);
    expect((await stack.request('POST', `${path}/ring`, by, {})).body).toMatchObject(refusal);
    expect((await stack.request('POST', `${path}/members`, by, bodyFor(unique('carol')))).body).toMatchObject(refusal);
    const socket = await stack.connect(by);
    const frame = { type: 'call.ring', call_id: unique('call'), members: [{ user_id: bob }] };
    expect(await socket.ask(frame)).toMatchObject({ type: 'error', error: { code: 'not_allowed' } });
    await socket.close();
    const rung = await stack.request('POST', `${path}/ring?user_id=${alice}`, { role: 'server' }, {});
    expect(rung.body.members).toMatchObject([{ state: 'joined' }, { user_id: bob, state: 'ringing' }]);
  });

  it('mints tokens for nobody without a server token, if it says so', async () => {
    const mint = (by: object) => stack.request('POST', '/v1/api/callStreams', by, { userId: 'alice' });
    expect((await mint({ user_id: 'alice' })).status).toBe(403);
    expect((await mint({ role: 'server' })).status).toBe(200);
  });
});
