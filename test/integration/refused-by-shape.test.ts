import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callPath, connectWith, type Person, person, unique } from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';

// Wrong types, missing fields and paths that lead nowhere: each refusal names the wrong field.

let alice: Person;
let socket: Socket;
beforeAll(async () => {
  alice = await person('alice');
  socket = await alice.connect();
});
afterAll(() => socket.close());

const ID = 'nobody-made-it';
const CID = `default:${ID}`;

/** The path of a field, and values that are invalid there; `undefined` leaves the field out. */
type Wrong = readonly (readonly [path: string, ...values: unknown[]])[];

const OFFER: Wrong = [
  ['offer', 'v=0', 7, []],
  ['offer.sdp', 7, '', undefined, '\ud800'],
  ['offer.type', 'answer', 7],
];
/** The id of a ring that an answer is about. */
const RING_ID = ['ring_id', 7, '', 'no space', 'r'.repeat(129)] as const;
const HANDSET: Wrong = [['hardware_id', 7, '', 'h'.repeat(65), '\udc00']];
const MEMBERS: Wrong = [
  ['members', 'bob', {}, 7],
  ['members.0', 'bob', 7, null],
  ['members.0.user_id', 7, '', 'no space', 'u'.repeat(129), '__proto__', undefined, 'ü'],
  ['members.0.role', 'boss', 7],
];
const SETTINGS: Wrong = [
  ['settings_override', 'x', []],
  ['settings_override.ring', 'x', 7],
  ['settings_override.ring.auto_cancel_timeout_ms', '45000', 4999, 180_001, 45_000.5, -1],
  ['settings_override.ring.busy', 'wait', 7],
];
const TARGET: Wrong = [
  ['target_user_id', 7, 'no space', ''],
  ['seq', 0, -1, 1.5, '1', 2 ** 53],
];
const SDP: Wrong = [['sdp', 7, '', undefined, {}, '\ud800'], ...TARGET];
const ICE: Wrong = [
  ['candidate', 7, undefined, '\ud800'],
  ['sdpMid', 7, {}],
  ['sdpMLineIndex', '0', -1, 0.5],
  ['usernameFragment', 7, {}],
  ['candidates', 'c', {}],
  ['candidates.0', 'c', {}],
  ['candidates.0.candidate', 7, undefined],
  ['candidates.0.sdpMid', 7],
  ['candidates.0.sdpMLineIndex', -1],
  ...TARGET,
];
const CUSTOM: readonly unknown[] = ['x', [], 7, { x: 'x'.repeat(2048) }];

/** `good` with another value at `path`. */
function withWrong(good: object, path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.');
  const held: unknown = Reflect.get(good, key);
  const inner = Array.isArray(held) || /^\d+$/.test(rest[0] ?? '') ? [Object(held)[0] ?? {}] : { ...Object(held) };
  const changed = rest.length === 0 ? value : withWrong(inner, rest.join('.'), value);
  if (Array.isArray(good)) return [changed];
  return { ...good, [key]: changed };
}

const GOOD_MEMBERS = { members: [{ user_id: 'bob' }] };
const DEVICE = { id: 'token', push_provider: 'firebase' };

/** Every path that takes a body: a valid body, and invalid values for its fields. */
const BODIES: readonly (readonly [path: string, good: object, wrong: Wrong])[] = [
  [
    callPath(ID),
    GOOD_MEMBERS,
    [
      ...MEMBERS,
      ['members', [], undefined, null],
      ['ring', 'yes', 1],
      ['video', 'yes', 0],
      ['data', 'x', 7],
      ['data.custom', ...CUSTOM],
      ...SETTINGS,
      ...HANDSET,
      ...OFFER,
    ],
  ],
  [
    callPath(ID, '/ring'),
    {},
    [
      ['ring_id', 7, '', 'no space', 'r'.repeat(129)],
      ['member_ids', 'bob', [], {}],
      ['member_ids.0', 7, ''],
    ],
  ],
  [callPath(ID, '/members'), GOOD_MEMBERS, [...MEMBERS, ['members', [], undefined], ['ring', 'yes']]],
  [
    callPath(ID, '/accept'),
    {},
    [...HANDSET, RING_ID, ['answer', 'v=0'], ['answer.sdp', 7, ''], ['answer.type', 'offer']],
  ],
  [callPath(ID, '/reject'), {}, [...HANDSET, RING_ID, ['reason', 7, {}, 'x'.repeat(65), '\ud800']]],
  [callPath(ID, '/ringing'), {}, HANDSET],
  [callPath(ID, '/leave'), {}, HANDSET],
  [callPath(ID, '/mark_ended'), {}, HANDSET],
  [callPath(ID, '/sdp/offer'), { type: 'offer', sdp: 'v=0' }, [...SDP, ['type', undefined, null, 'answer']]],
  [callPath(ID, '/sdp/answer'), { type: 'answer', sdp: 'v=0' }, [...SDP, ['type', undefined, null, 'offer']]],
  [callPath(ID, '/ice'), { candidate: 'c' }, ICE],
  [
    '/api/v2/devices',
    DEVICE,
    [
      ['id', 7, '', undefined, 'no space', 'ü', 'x'.repeat(4097), '\u0000'],
      ['push_provider', 'pigeon', undefined, 7],
      ['push_provider_name', 7, '', 'x'.repeat(65), '\ud800'],
      ['voip_token', 'true', 1],
      ['sandbox', 'true'],
      ['id_type', 'name', 7],
      ['app_version', 7, 'x'.repeat(65)],
      ['keys', 'x'],
      ['keys.p256dh', 7, '', undefined, '\ud800', 'x'.repeat(257)],
      ['user_id', 7, 'no space'],
      ...HANDSET,
    ],
  ],
  [
    '/v1/api/callStreams',
    { userId: 'x' },
    [
      ['userId', 7, '', undefined, null, 'no space', 'u'.repeat(129), '__proto__'],
      ['name', 7, 'n'.repeat(129), '\ud800'],
    ],
  ],
];

/** The same for every type of frame. */
const FRAMES: readonly (readonly [type: string, good: object, wrong: Wrong])[] = [
  [
    'call.ring',
    { call_id: ID, ...GOOD_MEMBERS },
    [
      ...MEMBERS,
      ['members', [], undefined, null],
      ['call_type', 7, '', 'a b', 't'.repeat(65)],
      ['call_id', 7, '', 'a:b', undefined, 'i'.repeat(129)],
      ['video', 'yes'],
      ['custom', ...CUSTOM],
      ...SETTINGS,
      ...OFFER,
    ],
  ],
  ['call.accept', { call_cid: CID }, [RING_ID, ['answer', 'v=0'], ['answer.sdp', 7, ''], ['answer.type', 'offer']]],
  ['call.reject', { call_cid: CID }, [RING_ID, ['reason', 7, {}, 'x'.repeat(65)]]],
  ...['cancel', 'leave', 'end', 'ringing', 'resume'].map((last) => [`call.${last}`, { call_cid: CID }, []] as const),
  ['sdp.offer', { call_cid: CID, sdp: 'v=0' }, SDP],
  ['sdp.answer', { call_cid: CID, sdp: 'v=0' }, SDP],
  ['ice.candidate', { call_cid: CID, candidate: 'c' }, ICE],
];
const WRONG_CID: Wrong = [
  ['call_cid', 7, '', ID, 'a:b:c', ':x', 'x:', undefined, `${'t'.repeat(65)}:x`, `x:${'i'.repeat(129)}`],
];

const named = (errors: readonly { path: string }[]): string[] => errors.map(({ path }) => path);
/** Whether the refusal names the path. For a candidate in a list it is enough if it names the candidate. */
const isNamed = (path: string, errors: readonly { path: string }[]): boolean =>
  named(errors).some((found) => found === path || (path.startsWith('candidates.') && found.startsWith('candidates.')));

describe.each(BODIES)('POST %s', (path, good, wrong) => {
  it.each(wrong.map(([field, ...values]) => [field, values] as const))('names %s', async (field, values) => {
    for (const value of values) {
      const answer = await alice.post(path, withWrong(good, field, value));
      expect(answer.body, JSON.stringify(value)).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(isNamed(field, answer.body.errors), `${JSON.stringify(value)}: ${named(answer.body.errors)}`).toBe(true);
    }
  });
  it.each(['7', '"x"', 'null', '[]', 'true'])('does not accept %s', async (body) => {
    expect((await alice.post(path, body)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });
  it.each(['{', 'hello', '{"a":}', "{'a':1}", '\u0000'])('does not accept the broken JSON %s', async (body) => {
    expect((await alice.post(path, body)).body).toMatchObject({ status: 400, code: 'invalid_json' });
  });
});

describe.each(FRAMES)('%s', (type, good, wrong) => {
  const fields: Wrong = [...wrong, ...(type === 'call.ring' ? [] : WRONG_CID)];
  it.each(fields.map(([field, ...values]) => [field, values] as const))('names %s', async (field, values) => {
    for (const value of values) {
      const answer = await socket.ask({ type, ...withWrong(good, field, value) });
      const error = Object(answer['error']);
      expect(error, JSON.stringify(value)).toMatchObject({ code: 'validation_failed' });
      expect(isNamed(field, error.errors), `${JSON.stringify(value)}: ${named(error.errors)}`).toBe(true);
    }
  });
});

describe('null, and an empty query parameter', () => {
  it('count as absent in a body', async () => {
    const [ann, bob] = [await person('ann'), await person('bob')];
    const id = unique('null');
    const nothing = { data: null, settings_override: null, hardware_id: null, offer: null, video: null };
    const members = [{ user_id: bob.id, role: null }];
    const rung = await ann.post(callPath(id), { members, ring: true, ...nothing });
    expect(rung.body).toMatchObject({ created: true, call: { status: 'ringing', video: false, custom: {} } });
    expect((await bob.post(callPath(id, '/ringing'), { hardware_id: null })).status).toBe(200);
    const rejected = await bob.post(callPath(id, '/reject'), { reason: null, hardware_id: null, ring_id: null });
    expect(rejected.body.members).toContainEqual(
      expect.objectContaining({ user_id: bob.id, state: 'rejected', reason: 'decline' }),
    );
    const device = { ...DEVICE, id: unique('token'), voip_token: null, sandbox: null, hardware_id: null, keys: null };
    expect((await bob.post('/api/v2/devices', device)).body.device).toMatchObject({
      voip_token: false,
      sandbox: false,
    });
  });
  it('count as absent in a frame', async () => {
    const [carol, bob] = [await person('carol'), await person('bob')];
    const [caller, callee] = [await carol.connect(), await bob.connect()];
    const ring = { type: 'call.ring', call_id: unique('null'), call_type: null, members: [{ user_id: bob.id }] };
    caller.send({ ...ring, id: null, custom: null, offer: null, settings_override: null });
    const rung = await callee.next('call.ring');
    const answer = await callee.ask({ type: 'call.reject', call_cid: rung['call_cid'], reason: null, ring_id: null });
    expect(answer).toMatchObject({ ok: true, call: { ended_reason: 'rejected' } });
    await Promise.all([caller.close(), callee.close()]);
  });
  it('count as absent in a query', async () => {
    const { status, body } = await alice.get('/api/v2/video/calls?status=&limit=&next=&user_id=');
    expect({ status, calls: body.calls }).toMatchObject({ status: 200, calls: expect.any(Array) });
    const open = await connectWith(alice.token, '&hardware_id=&session_id=');
    await open.next('user.connected');
    await open.close();
  });
});

describe('a query', () => {
  it.each([
    ['limit', '/api/v2/video/calls?limit=', ['0', '101', '-1', '1.5', 'x', '%20']],
    ['status', '/api/v2/video/calls?status=', ['over', 'RINGING']],
    ['next', '/api/v2/video/calls?next=', ['x', '!', 'MjAyNg', Buffer.from('2026-01-01T').toString('base64url')]],
    ['id', '/api/v2/devices?id=', ['', 'x'.repeat(4097), '%20', '%C3%BC']],
    ['id', '/api/v2/devices?', ['', 'token=x']],
  ])('names %s in %s', async (field, path, values) => {
    for (const value of values) {
      const answer = await (path.includes('devices') ? alice.delete(path + value) : alice.get(path + value));
      expect(answer.body, value).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(named(answer.body.errors), value).toContain(field);
    }
  });
});

describe('a path', () => {
  it.each([
    ['type', '/api/v2/video/call/a%20b/x'],
    ['type', `/api/v2/video/call/${'t'.repeat(65)}/x`],
    ['id', `/api/v2/video/call/default/${'i'.repeat(129)}`],
    ['id', '/api/v2/video/call/default/a:b'],
    ['id', '/api/v2/video/call/default/%00'],
    ['id', '/api/v2/video/call/default/'],
  ])('names the %s in %s', async (field, path) => {
    for (const ask of [alice.get(path), alice.post(path, GOOD_MEMBERS), alice.post(`${path}/accept`)]) {
      const { body } = await ask;
      expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(named(body.errors)).toContain(field);
    }
  });
  it.each([
    '/api/v2',
    '/api/v2/video/call/default',
    '/api/v2/devices/',
    '/api/v2/video/call/default/x/dance',
    '/API/v2/devices',
  ])('is not found if it leads nowhere: %s', async (path) => {
    expect((await alice.get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await alice.post(path)).body).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('an unknown field', () => {
  it('is ignored, in a body and in a frame', async () => {
    const extra = { never: 'heard', of: { it: [1] }, created_by: 'mallory', version: 99 };
    const made = await alice.post(callPath(unique('extra')), { ...GOOD_MEMBERS, ...extra });
    expect(made.body).toMatchObject({ created: true, call: { created_by: { id: alice.id }, version: 1 } });
    const rung = await socket.ask({
      type: 'call.ring',
      call_id: unique('extra'),
      members: [{ user_id: unique('x'), is: 'new' }],
      ...extra,
    });
    expect(rung).toMatchObject({ ok: true, call: { created_by: { id: alice.id }, version: 1 } });
    expect((await alice.post('/api/v2/devices', { ...DEVICE, ...extra })).status).toBe(201);
  });
});

it('created nothing by all of the refused requests', async () => {
  expect((await alice.get(callPath(ID))).body.code).toBe('not_found');
  expect((await alice.get('/api/v2/devices')).body.devices).toHaveLength(1);
  expect((await alice.get('/api/v2/video/calls')).body.calls).toHaveLength(2);
});
