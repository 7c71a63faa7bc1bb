import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callPath, type Person, people, person, rest, ring, tokenWith, unique } from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';

// Every size at its limit and just past it, over REST and over the socket.

let alice: Person;
let bob: Person;
let socket: Socket;
beforeAll(async () => {
  [alice, bob] = await people('alice', 'bob');
  socket = await alice.connect();
});
afterAll(() => socket.close());

/** A text of `length` that no other test uses. */
const long = (length: number): string => unique('x').padEnd(length, 'x');
/** Custom data of `bytes` as JSON. */
const customOf = (bytes: number) => ({ x: 'x'.repeat(bytes - '{"x":""}'.length) });
const users = (count: number) => Array.from({ length: count }, () => ({ user_id: unique('u') }));
const ringFor = (ms: number) => ({ settings_override: { ring: { auto_cancel_timeout_ms: ms } } });

/** The type, id and fields of a call. Only `custom` is sent in different places by the two transports. */
interface Made {
  readonly type?: string;
  readonly id?: string;
  readonly fields?: object;
  readonly custom?: object;
}

const CALLS: readonly (readonly [what: string, atLimit: () => Made, past: () => Made, code: string])[] = [
  ['custom data of 2 KiB', () => ({ custom: customOf(2048) }), () => ({ custom: customOf(2049) }), 'validation_failed'],
  [
    'custom data of 2 KiB, in bytes and not in characters',
    () => ({ custom: { x: 'ä'.repeat(1020) } }),
    () => ({ custom: { x: 'ä'.repeat(1021) } }),
    'validation_failed',
  ],
  ['a type of 64', () => ({ type: long(64) }), () => ({ type: long(65) }), 'validation_failed'],
  ['an id of 128', () => ({ id: long(128) }), () => ({ id: long(129) }), 'validation_failed'],
  [
    'a user id of 128',
    () => ({ fields: { members: [{ user_id: long(128) }] } }),
    () => ({ fields: { members: [{ user_id: long(129) }] } }),
    'validation_failed',
  ],
  [
    '100 members, including the caller',
    () => ({ fields: { members: users(99) } }),
    () => ({ fields: { members: users(100) } }),
    'too_many_members',
  ],
  [
    '100 members, if the caller and another user are named twice',
    () => ({ fields: { members: [{ user_id: alice.id }, ...users(98), { user_id: 'twice' }, { user_id: 'twice' }] } }),
    () => ({ fields: { members: [{ user_id: alice.id }, ...users(100)] } }),
    'too_many_members',
  ],
  [
    '2 members',
    () => ({ fields: { members: users(1) } }),
    () => ({ fields: { members: [{ user_id: alice.id }] } }),
    'validation_failed',
  ],
  [
    'members with the names of properties that every object has',
    () => ({ fields: { members: [{ user_id: 'constructor' }, { user_id: 'toString' }] } }),
    () => ({ fields: { members: [{ user_id: '__proto__' }] } }),
    'validation_failed',
  ],
  ['a ring of 5 s', () => ({ fields: ringFor(5000) }), () => ({ fields: ringFor(4999) }), 'validation_failed'],
  ['a ring of 180 s', () => ({ fields: ringFor(180_000) }), () => ({ fields: ringFor(180_001) }), 'validation_failed'],
];

describe.each(CALLS)('a call with %s', (_, atLimit, past, code) => {
  const rested = ({ type = 'default', id = unique('c'), fields, custom }: Made) =>
    alice.post(`/api/v2/video/call/${type}/${id}`, {
      members: users(1),
      ...fields,
      ...(custom && { data: { custom } }),
    });
  const framed = ({ type = 'default', id = unique('c'), fields, custom }: Made) =>
    socket.ask({
      type: 'call.ring',
      call_type: type,
      call_id: id,
      members: users(1),
      ...fields,
      ...(custom && { custom }),
    });
  it('is created, but not with more than that', async () => {
    expect((await rested(atLimit())).status).toBe(201);
    expect(await framed(atLimit())).toMatchObject({ type: 'response', ok: true });
    const refused = { ...past(), id: past().id ?? unique('refused') };
    expect((await rested(refused)).body).toMatchObject({ status: 400, code });
    expect(await framed(refused)).toMatchObject({ error: { code } });
    const read = await alice.get(`/api/v2/video/call/${refused.type ?? 'default'}/${refused.id}`);
    expect(read.status).toBeGreaterThanOrEqual(400);
  });
});

describe('names and ids', () => {
  const mint = (body: object) => rest().request('POST', '/v1/api/callStreams', { body });
  it('have up to 128 characters in a login token', async () => {
    const [atLimit, past] = [128, 129].map((length) => 'n'.repeat(length));
    expect((await mint({ userId: long(128), name: atLimit })).status).toBe(200);
    expect((await mint({ userId: 'x', name: past })).body.code).toBe('validation_failed');
    expect((await mint({ userId: long(129) })).body.code).toBe('validation_failed');
  });
  it('have up to 64 characters if they are hardware ids', async () => {
    const [atLimit, past] = ['h'.repeat(64), 'h'.repeat(65)];
    const { id } = await ring(alice, bob);
    expect((await bob.post(callPath(id, '/ringing'), { hardware_id: past })).body.code).toBe('validation_failed');
    expect((await bob.post(callPath(id, '/ringing'), { hardware_id: atLimit })).status).toBe(200);
    expect((await bob.post(callPath(id, '/reject'), { hardware_id: past })).body.code).toBe('validation_failed');
    expect((await bob.post(callPath(id, '/reject'), { hardware_id: atLimit })).status).toBe(200);
  });
  it('have up to 128 characters if they are ring ids', async () => {
    const { id } = await ring(alice, bob);
    await bob.post(callPath(id, '/accept'));
    expect((await alice.post(callPath(id, '/ring'), { ring_id: 'r'.repeat(129) })).body.code).toBe('validation_failed');
    expect((await alice.post(callPath(id, '/ring'), { ring_id: 'r'.repeat(128) })).status).toBe(200);
    await alice.post(callPath(id, '/mark_ended'));
  });
});

describe('devices', () => {
  const device = (id: string, extra: object = {}) => ({ id, push_provider: 'firebase', ...extra });
  it('have tokens of up to 4096 characters', async () => {
    const owner = await person('owner');
    expect((await owner.post('/api/v2/devices', device(long(4097)))).body.code).toBe('validation_failed');
    const token = long(4096);
    expect(
      (await owner.post('/api/v2/devices', device(token, { app_version: 'v'.repeat(64), hardware_id: 'h'.repeat(64) })))
        .status,
    ).toBe(201);
    expect((await owner.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id)).toEqual([token]);
    expect((await owner.delete(`/api/v2/devices?id=${token}`)).status).toBe(204);
    expect((await owner.get('/api/v2/devices')).body.devices).toEqual([]);
  });
  it('are at most 25 of one user; the next one replaces the least recently refreshed', async () => {
    const owner = await person('owner');
    const tokens = Array.from({ length: 26 }, () => unique('token'));
    const [first, second] = tokens;
    for (const token of tokens.slice(0, 25))
      expect((await owner.post('/api/v2/devices', device(token))).status).toBe(201);
    expect((await owner.post('/api/v2/devices', device(first ?? ''))).status).toBe(200);
    expect((await owner.get('/api/v2/devices')).body.devices).toHaveLength(25);
    expect((await owner.post('/api/v2/devices', device(tokens[25] ?? ''))).status).toBe(201);
    const left = (await owner.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id);
    expect(left.toSorted()).toEqual(tokens.filter((token) => token !== second).toSorted());
  });
  it('cannot be registered for another user', async () => {
    const answer = await alice.post('/api/v2/devices', device(unique('t'), { user_id: bob.id }));
    expect(answer.body).toMatchObject({ status: 403, code: 'not_allowed' });
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
  });
});

describe('a body', () => {
  it('has at most 64 KiB, white space included', async () => {
    const padded = (bytes: number): string => {
      const body = JSON.stringify({ members: users(1) });
      return body + ' '.repeat(bytes - body.length);
    };
    expect((await alice.post(callPath(unique('c')), padded(65_536))).status).toBe(201);
    const id = unique('c');
    expect((await alice.post(callPath(id), padded(65_537))).body).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    expect((await alice.get(callPath(id))).body.code).toBe('not_found');
  });
});

describe('a list of calls', () => {
  it.each([1, 100])('has up to %d entries', async (limit) => {
    const { status, body } = await alice.get(`/api/v2/video/calls?limit=${limit}`);
    expect(status).toBe(200);
    expect(body.calls.length).toBeGreaterThan(0);
    expect(body.calls.length).toBeLessThanOrEqual(limit);
  });
});

const KIB_24 = 24 * 1024;

describe('a signal', () => {
  let callee: Socket;
  let cid: string;
  let id: string;
  beforeAll(async () => {
    [alice, bob] = [
      { ...alice, token: await tokenWith({ user_id: alice.id, name: '\u0001'.repeat(128) }) },
      await person('bob'),
    ];
    socket = await alice.connect({ token: alice.token });
    callee = await bob.connect();
    id = long(128);
    cid = `default:${id}`;
    expect(
      await socket.ask({ type: 'call.ring', call_id: id, members: [{ user_id: bob.id }], ...ringFor(180_000) }),
    ).toMatchObject({ ok: true });
  });
  afterAll(() => callee.close());

  const candidatesOf = (bytes: number) => {
    const empty = JSON.stringify([{ candidate: '' }]).length;
    return [{ candidate: 'c'.repeat(bytes - empty) }];
  };
  it.each([
    ['sdp.offer', '/sdp/offer', (bytes: number) => ({ sdp: 's'.repeat(bytes) })],
    ['sdp.answer', '/sdp/answer', (bytes: number) => ({ sdp: 'ä'.repeat(bytes / 2) + 's'.repeat(bytes % 2) })],
    ['ice.candidate', '/ice', (bytes: number) => ({ candidate: 'c'.repeat(bytes) })],
    ['ice.candidate', '/ice', (bytes: number) => ({ candidates: candidatesOf(bytes) })],
  ] as const)('%s has at most 24 KiB of text, and arrives in full', async (type, last, body) => {
    const post = (bytes: number) => alice.post(callPath(id, last), { type: last.split('/')[2], ...body(bytes) });
    expect(await socket.ask({ type, call_cid: cid, ...body(KIB_24) })).toMatchObject({ ok: true });
    expect(await callee.next(type)).toMatchObject(body(KIB_24));
    expect((await post(KIB_24)).status).toBe(202);
    expect(await callee.next(type)).toMatchObject(body(KIB_24));
    const arrived = () => callee.frames.filter((frame) => frame.type === type).length;
    const seen = arrived();
    expect(await socket.ask({ type, call_cid: cid, ...body(KIB_24 + 1) })).toMatchObject({
      error: { code: 'payload_too_large' },
    });
    expect((await post(KIB_24 + 1)).body).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(arrived()).toBe(seen);
  });
  it('is too large if it does not fit into a frame because of line breaks or a long sdpMid', async () => {
    const broken = { type: 'offer', sdp: '\n'.repeat(20 * 1024) };
    expect((await alice.post(callPath(id, '/sdp/offer'), broken)).body.code).toBe('payload_too_large');
    const named = { candidate: 'c', sdpMid: 'm'.repeat(31 * 1024) };
    expect((await alice.post(callPath(id, '/ice'), named)).body.code).toBe('payload_too_large');
    expect(await socket.ask({ type: 'ice.candidate', call_cid: cid, ...named })).toMatchObject({
      error: { code: 'payload_too_large' },
    });
  });
  it('arrives in one frame, even with many line breaks and a long name of its sender', async () => {
    const sdp = '\n'.repeat((30 * 1024 - '{"sdp":""}'.length) / 2);
    expect((await alice.post(callPath(id, '/sdp/offer'), { type: 'offer', sdp })).status).toBe(202);
    const event = await callee.next('sdp.offer', (frame) => frame['sdp'] === sdp);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(32_768);
  });
  it('is refused as part of a ring and of an accept as well, and neither takes effect', async () => {
    const sdp = 's'.repeat(KIB_24 + 1);
    const other = unique('c');
    const wanted = { members: users(1), ring: true, offer: { type: 'offer', sdp } };
    expect((await alice.post(callPath(other), wanted)).body.code).toBe('payload_too_large');
    const frame = { type: 'call.ring', call_id: other, members: users(1), offer: { sdp } };
    expect(await socket.ask(frame)).toMatchObject({ error: { code: 'payload_too_large' } });
    expect((await alice.get(callPath(other))).body.code).toBe('not_found');
    expect((await bob.post(callPath(id, '/accept'), { answer: { sdp } })).body.code).toBe('payload_too_large');
    expect(await callee.ask({ type: 'call.accept', call_cid: cid, answer: { sdp } })).toMatchObject({
      error: { code: 'payload_too_large' },
    });
    expect((await alice.get(callPath(id))).body.call).toMatchObject({ status: 'ringing', version: 1 });
  });
});

describe('a frame', () => {
  const padded = (bytes: number): string => '{"type":"nothing","id":"big"}'.padEnd(bytes, ' ');
  it('has at most 32 KiB; a longer one closes the socket', async () => {
    const own = await bob.connect();
    own.raw.send(padded(32_768));
    expect(await own.next('error')).toMatchObject({ id: 'big', error: { code: 'unknown_type' } });
    own.raw.send(padded(32_769));
    expect(await own.closed).toMatchObject({ code: 1009 });
  });
  it('is text; a binary one closes the socket', async () => {
    const own = await bob.connect();
    own.raw.send(Buffer.from('{"type":"ping"}'));
    expect(await own.closed).toMatchObject({ code: 1003 });
  });
  it('has an id of up to 128 characters, which its answer repeats', async () => {
    const own = await bob.connect();
    own.send({ type: 'call.accept', id: 'i'.repeat(128), call_cid: 'default:nothing' });
    expect(await own.next('error')).toMatchObject({ id: 'i'.repeat(128), error: { code: 'not_found' } });
    own.send({ type: 'call.accept', id: 'i'.repeat(129), call_cid: 'default:nothing' });
    expect(await own.next('error')).toMatchObject({ error: { code: 'validation_failed', errors: [{ path: 'id' }] } });
    await own.close();
  });
});

describe('adding members', () => {
  it('is possible up to 100', async () => {
    const id = unique('c');
    await alice.post(callPath(id), { members: users(97) });
    expect((await alice.post(callPath(id, '/members'), { members: users(3) })).body).toMatchObject({
      status: 400,
      code: 'too_many_members',
    });
    expect((await alice.get(callPath(id))).body).toMatchObject({ call: { version: 1 } });
    expect((await alice.post(callPath(id, '/members'), { members: users(2) })).body.members).toHaveLength(100);
    expect((await alice.post(callPath(id, '/members'), { members: users(1) })).body.code).toBe('too_many_members');
  });
});
