import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callPath,
  connectWith,
  type Person,
  people,
  person,
  rest,
  ring,
  tokenWith,
  unique,
} from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';

let alice: Person;
let bob: Person;
let socket: Socket;
beforeAll(async () => {
  [alice, bob] = await people('alice', 'bob');
  socket = await alice.connect();
});
afterAll(() => socket.close());

const problem = (status: number, code: string) => ({
  status,
  code,
  type: expect.any(String),
  title: expect.any(String),
  detail: expect.any(String),
  error: expect.any(String),
});

describe('a token', () => {
  const get = (token?: string) => rest().request('GET', '/api/v2/devices', token === undefined ? {} : { token });
  it('is required, and must be valid', async () => {
    const claims = { user_id: 'x' };
    const bad = [
      undefined,
      'nonsense',
      await tokenWith(claims, { expires_in_s: -60 }),
      await tokenWith(claims, { bad_signature: true }),
      await tokenWith({ user_id: 'x', typ: 'wake+jwt' }),
      await tokenWith({ user_id: 'x', aud: 'somebody-else' }),
    ];
    for (const token of bad) {
      const answer = await get(token);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body).toMatchObject(problem(401, 'unauthenticated'));
    }
  });
  it('may come without a scheme, and is accepted shortly after it has expired', async () => {
    const token = await tokenWith({ user_id: unique('u') }, { expires_in_s: -10 });
    expect((await rest().request('GET', '/api/v2/devices', { headers: { authorization: token } })).status).toBe(200);
  });
  it('is checked before the WebSocket opens', async () => {
    for (const token of ['', 'nonsense', await tokenWith({ user_id: 'x' }, { bad_signature: true })]) {
      await expect(connectWith(token)).rejects.toMatchObject({ status: 401 });
    }
    await expect(connectWith(await tokenWith({ role: 'server' }))).rejects.toMatchObject({ status: 403 });
  });
  it('lets a user act only for themselves, and the app’s own backend for anybody', async () => {
    const { id } = await ring(alice, bob);
    expect((await rest().request('GET', `/api/v2/devices?user_id=${bob.id}`, { token: alice.token })).body.code).toBe(
      'not_allowed',
    );
    const server = await tokenWith({ role: 'server' });
    const as = (path: string, method = 'GET') =>
      rest().request(method, path, { token: server, ...(method === 'POST' && { body: {} }) });
    expect((await as(callPath(id))).body.members).toHaveLength(2);
    expect((await as('/api/v2/devices')).body.errors).toMatchObject([{ path: 'user_id' }]);
    expect((await as(`${callPath(id, '/accept')}?user_id=${bob.id}`, 'POST')).body.call.status).toBe('active');
    expect((await as(`${callPath(id, '/mark_ended')}?user_id=${bob.id}`, 'POST')).body.call.ended_by).toBe(bob.id);
  });
});

describe('REST', () => {
  it.each([
    ['a body that is not JSON', '{', 400, 'invalid_json'],
    ['a body that is too large', JSON.stringify({ x: 'x'.repeat(64 * 1024) }), 413, 'payload_too_large'],
    ['no members', {}, 400, 'validation_failed'],
    ['no member but the caller', { members: [] }, 400, 'validation_failed'],
    ['a wrong type', { members: [{ user_id: 7 }] }, 400, 'validation_failed'],
    [
      'too many members',
      { members: Array.from({ length: 100 }, (_, i) => ({ user_id: `u${i}` })) },
      400,
      'too_many_members',
    ],
    [
      'too much custom data',
      { members: [{ user_id: 'x' }], data: { custom: { x: 'x'.repeat(2048) } } },
      400,
      'validation_failed',
    ],
    [
      'a ring that is too short',
      { members: [{ user_id: 'x' }], settings_override: { ring: { auto_cancel_timeout_ms: 4999 } } },
      400,
      'validation_failed',
    ],
  ])('refuses %s, and writes nothing', async (_, body, status, code) => {
    const id = unique('refused');
    const answer = await rest().request('POST', callPath(id), { token: alice.token, body });
    expect(answer.body).toMatchObject(problem(status, code));
    expect((await alice.get(callPath(id))).body.code).toBe('not_found');
  });
  it('names the paths of wrong fields', async () => {
    const answer = await alice.post(callPath(unique('c')), {
      members: [{ user_id: 'ok' }, { user_id: 'not ok' }],
      ring: 'yes',
    });
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(['members.1.user_id', 'ring']);
  });
  it('answers requests for what does not exist', async () => {
    expect((await alice.get('/nothing')).body).toMatchObject(problem(404, 'not_found'));
    expect((await alice.get(callPath('nobody-made-it'))).body).toMatchObject(problem(404, 'not_found'));
    expect((await alice.get(callPath('no%20spaces'))).body).toMatchObject(problem(400, 'validation_failed'));
  });
  it('refuses everything to users who are not members', async () => {
    const mallory = await person('mallory');
    const { id } = await ring(alice, bob);
    const tries = [
      mallory.get(callPath(id)),
      mallory.post(callPath(id), { members: [{ user_id: bob.id }], ring: true }),
      ...['/accept', '/reject', '/leave', '/mark_ended', '/ringing', '/ring'].map((last) =>
        mallory.post(callPath(id, last)),
      ),
    ];
    for (const answer of await Promise.all(tries)) expect(answer.body).toMatchObject(problem(403, 'not_a_member'));
    await alice.post(callPath(id, '/leave'));
    expect((await bob.post(callPath(id, '/accept'))).body).toMatchObject({
      ...problem(409, 'call_ended'),
      call: { status: 'ended' },
    });
    expect((await alice.post(callPath(id), { members: [{ user_id: bob.id }] })).body).toMatchObject(
      problem(409, 'call_ended'),
    );
  });
  it('mints a token, and says whether its field is missing or wrong', async () => {
    const mint = (body: object) => rest().request('POST', '/v1/api/callStreams', { body });
    const askedAt = Date.now();
    const { body } = await mint({ userId: 'user-123', name: 'Alice' });
    expect(body).toMatchObject({ apiKey: expect.any(String), userId: 'user-123', token: expect.any(String) });
    expect(body.expiresAt * 1000).toBeGreaterThan(askedAt + 86_000_000);
    for (const missing of [{}, { userId: null }, { userId: '' }])
      expect((await mint(missing)).body).toMatchObject({ status: 400, error: 'userId is required' });
    for (const userId of [5, true, [], {}])
      expect((await mint({ userId })).body).toMatchObject({
        ...problem(400, 'validation_failed'),
        error: 'userId must be a string',
        errors: [{ path: 'userId', message: 'userId must be a string' }],
      });
  });
});

describe('a socket', () => {
  it.each([
    ['a text that is not JSON', 'hello', 'invalid_json'],
    ['a list', '[]', 'invalid_json'],
    ['no type', '{}', 'unknown_type'],
    ['an unknown type', '{"type":"call.teleport"}', 'unknown_type'],
    ['the name of a prototype’s property', '{"type":"constructor"}', 'unknown_type'],
  ])('survives %s', async (_, text, code) => {
    socket.raw.send(text);
    expect(await socket.next('error')).toMatchObject({ error: { code, message: expect.any(String) } });
  });
  it.each([
    [{ type: 'call.ring' }, 'validation_failed'],
    [{ type: 'call.ring', call_id: 'x y', members: [{ user_id: 'b' }] }, 'validation_failed'],
    [
      { type: 'call.ring', call_id: 'x', members: Array.from({ length: 100 }, (_, i) => ({ user_id: `u${i}` })) },
      'too_many_members',
    ],
    [{ type: 'call.accept', call_cid: 7 }, 'validation_failed'],
    [{ type: 'call.accept', call_cid: 'default:nobody-made-it' }, 'not_found'],
    [{ type: 'ice.candidate', call_cid: 'default:nobody-made-it' }, 'validation_failed'],
    [{ type: 'sdp.offer', call_cid: 'default:nobody-made-it', sdp: 'x' }, 'not_found'],
  ])('answers %j with %s and stays open', async (frame, code) => {
    expect(await socket.ask(frame)).toMatchObject({ type: 'error', for: frame.type, error: { code } });
    socket.send({ type: 'ping' });
    await socket.next('pong');
  });
  it('answers a command without an id only if it fails', async () => {
    const { cid } = await ring(alice, bob);
    const callee = await bob.connect();
    callee.send({ type: 'call.reject', call_cid: cid });
    await callee.next('call.rejected');
    callee.send({ type: 'call.accept', call_cid: cid });
    expect(await callee.next('error')).toMatchObject({
      for: 'call.accept',
      error: { code: 'call_ended' },
      call: { status: 'ended' },
    });
    expect(callee.frames.map(({ type }) => type)).not.toContain('response');
    await callee.close();
  });
});

describe('CORS', () => {
  it('allows requests by web apps', async () => {
    const headers = {
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const answer = await rest().request('OPTIONS', '/api/v2/devices', { headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});
