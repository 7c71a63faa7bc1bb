import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ServiceError } from '#domain/errors.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { type Operation, operations } from '#wire/rest/operations.ts';
import * as http from '#wire/rest/requests.ts';
import { commandFrames, connectQuery, envelope, signalFrames } from '#wire/socket/native/frames.ts';
import { broken, fuzzParameters } from '../../support/mutations.ts';
import { aWebPushDevice } from '../../support/push-tokens.ts';

const of = (alphabet: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
const LETTERS = 'ABCxyz019_-';
const userId = of(`${LETTERS}@.:|+=~`, 128).filter((id) => id !== '__proto__');
const text = (maxLength: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength: maxLength / 8 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary }, fc.constant(undefined), fc.constant(null));
const parameter = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary }, fc.constant(undefined), fc.constant(''));
const hardware_id = optional(text(64));
const ring_id = optional(of(`${LETTERS}.:`, 128));
const reason = optional(fc.oneof(fc.constantFrom('decline', 'busy', 'cancel', ''), text(64)));
const seq = optional(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const target_user_id = optional(userId);
const sdp = text(20_000);
const members = fc.array(fc.record({ user_id: userId, role: optional(fc.constantFrom('admin', 'user')) }), {
  minLength: 1,
  maxLength: 20,
});
const custom = optional(
  fc
    .dictionary(
      text(64).filter((key) => key !== '__proto__'),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 3 },
    )
    .filter((value) => JSON.stringify(value).length < 500),
);
const settings_override = optional(
  fc.record({
    ring: fc.record({
      auto_cancel_timeout_ms: fc.integer({ min: 5000, max: 180_000 }),
      busy: optional(fc.constantFrom('reject', 'ring')),
    }),
  }),
);
const offer = optional(fc.record({ type: optional(fc.constant('offer')), sdp }));
const answer = optional(fc.record({ type: optional(fc.constant('answer')), sdp }));
const call_cid = fc.tuple(of(LETTERS, 64), of(LETTERS, 128)).map(([type, id]) => `${type}:${id}`);
const candidate = {
  candidate: fc.string({ unit: 'grapheme', maxLength: 200 }),
  sdpMid: optional(text(16)),
  sdpMLineIndex: optional(fc.nat()),
  usernameFragment: optional(text(8)),
};
const entry = fc.oneof(
  fc.record(candidate),
  fc.record({ candidate: fc.constantFrom(null, '') }),
  fc.constantFrom(null, ''),
);
const target = { target_user_id, seq };

const PUSH_TOKENS = {
  firebase: of('aZ09:_-', 4096),
  apn: fc.stringMatching(/^[0-9a-fA-F]{64,200}$/),
  webpush: of('aZ09_-', 4000).map((path) => `https://fcm.googleapis.com/fcm/send/${path}`),
};

/** Every schema of a request, and what it must accept. */
const SCHEMAS: readonly (readonly [name: string, schema: z.ZodType, good: fc.Arbitrary<object>])[] = [
  ['callStreams', http.mintTokenRequest(), fc.record({ userId, name: optional(text(128)) })],
  ['the path of a call', http.callPath(), fc.record({ type: of(LETTERS, 64), id: of(LETTERS, 128) })],
  [
    'POST a call',
    http.createCallRequest(),
    fc.record({
      members,
      ring: optional(fc.boolean()),
      video: optional(fc.boolean()),
      data: fc.record({ custom }),
      settings_override,
      hardware_id,
      offer,
    }),
  ],
  [
    'GET calls',
    http.listCallsQuery(),
    fc.record({
      status: parameter(fc.constantFrom('created', 'ringing', 'active', 'ended', 'missed')),
      limit: parameter(fc.integer({ min: 1, max: 100 }).map(String)),
      next: fc.constantFrom(undefined, ''),
    }),
  ],
  ['POST ring', http.ringRequest(), fc.record({ ring_id, member_ids: optional(fc.array(userId, { minLength: 1 })) })],
  ['POST members', http.addMembersRequest(), fc.record({ members, ring: optional(fc.boolean()) })],
  ['POST accept', http.acceptRequest(), fc.record({ hardware_id, ring_id, answer })],
  ['POST reject', http.rejectRequest(), fc.record({ reason, hardware_id, ring_id })],
  ['POST ringing', http.handsetRequest(), fc.record({ hardware_id })],
  ['POST sdp/offer', http.offerRequest(), fc.record({ type: fc.constant('offer'), sdp, ...target })],
  ['POST sdp/answer', http.answerRequest(), fc.record({ type: fc.constant('answer'), sdp, ...target })],
  ['POST ice', http.iceRequest(), fc.record({ ...candidate, ...target })],
  [
    'POST devices',
    http.registerDeviceRequest(),
    fc.constantFrom('firebase' as const, 'apn' as const, 'webpush' as const).chain((push_provider) =>
      fc.record({
        id: PUSH_TOKENS[push_provider],
        push_provider: fc.constant(push_provider),
        push_provider_name: optional(text(64)),
        voip_token: optional(fc.boolean()),
        sandbox: optional(fc.boolean()),
        id_type: optional(fc.constantFrom('token', 'fid')),
        hardware_id,
        app_version: optional(text(64)),
        keys: fc.constant(aWebPushDevice.keys),
      }),
    ),
  ],
  ['DELETE devices', http.removeDeviceQuery(), fc.record({ id: of('aZ09:_-', 4096) })],
  [
    'PUT doctor',
    http.keepCheckupRequest(),
    fc.record({
      findings: fc.array(
        fc.record({ state: fc.constantFrom('good', 'note', 'fix'), about: text(128), says: text(2000) }),
        { minLength: 1, maxLength: 200 },
      ),
    }),
  ],
  ['/ws', connectQuery, fc.record({ hardware_id: parameter(text(64)), session_id: parameter(text(64)) })],
  [
    'any frame',
    envelope,
    fc.record({ type: fc.string(), id: optional(fc.oneof(fc.string({ maxLength: 128 }), fc.integer())) }),
  ],
  [
    'call.ring',
    commandFrames['call.ring'](),
    fc.record({
      call_type: optional(of(LETTERS, 64)),
      call_id: of(LETTERS, 128),
      members,
      video: optional(fc.boolean()),
      custom,
      settings_override,
      offer,
    }),
  ],
  ['call.accept', commandFrames['call.accept'](), fc.record({ call_cid, answer, ring_id })],
  ['call.reject', commandFrames['call.reject'](), fc.record({ call_cid, reason, ring_id })],
  ['call.cancel', commandFrames['call.cancel'](), fc.record({ call_cid })],
  ['call.leave', commandFrames['call.leave'](), fc.record({ call_cid })],
  ['call.end', commandFrames['call.end'](), fc.record({ call_cid })],
  ['call.ringing', commandFrames['call.ringing'](), fc.record({ call_cid })],
  ['call.resume', commandFrames['call.resume'](), fc.record({ call_cid })],
  ['sdp.offer', signalFrames['sdp.offer'](), fc.record({ call_cid, sdp, ...target })],
  ['sdp.answer', signalFrames['sdp.answer'](), fc.record({ call_cid, sdp, ...target })],
  [
    'ice.candidate',
    signalFrames['ice.candidate'](),
    fc.record({ call_cid, candidates: fc.array(entry, { maxLength: 5 }), ...target }),
  ],
];

it.each(SCHEMAS)('%s accepts valid input, and ignores unknown fields', (_, schema, good) => {
  fc.assert(
    fc.property(good, (value) => {
      const sent: unknown = JSON.parse(JSON.stringify({ ...value, never_heard_of: { it: 1 } }));
      expect(parsed(schema, sent)).not.toHaveProperty('never_heard_of');
    }),
    fuzzParameters(100),
  );
});

it.each(SCHEMAS)('%s fails on broken input with validation_failed only', (_, schema, good) => {
  fc.assert(
    fc.property(
      fc.oneof({ weight: 5, arbitrary: broken(good) }, { weight: 1, arbitrary: fc.json({ maxDepth: 8 }) }),
      (message) => {
        fc.pre(isJson(message));
        try {
          parsed(schema, JSON.parse(message));
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          expect(error).toMatchObject({
            code: 'validation_failed',
            errors: expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]),
          });
          // It must still fit into one frame with an envelope around it.
          expect(Buffer.byteLength(JSON.stringify(error))).toBeLessThan(16_384);
        }
      },
    ),
    fuzzParameters(400),
  );
});

/** Every parameter of every query that is a number by its document. */
const NUMBERS = Object.entries(operations).flatMap(([name, { query }]: [string, Operation]) => {
  const { properties = {} } = query === undefined ? {} : z.toJSONSchema(query(), { unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([parameter, schema]) =>
    query !== undefined && Object(schema).type === 'integer' ? [[name, parameter, query] as const] : [],
  );
});

describe('a number in a query', () => {
  it('is in the lists of calls and of deliveries', () =>
    expect(NUMBERS.map(([name, parameter]) => `${name} ${parameter}`)).toEqual([
      'listCalls limit',
      'listStageCalls limit',
      'listDeliveries limit',
    ]));

  it.each(NUMBERS)('of %s is plain decimal digits: %s', (_, parameter, query) => {
    expect(parsed(query(), { [parameter]: '25' })).toMatchObject({ [parameter]: 25 });
    for (const value of ['abc', '1e1', '0x10', '0b1', '1.5', '1.0', '-1', '+1', ' 1', '1 ', '1_0', '٣', 'NaN', '1,2']) {
      const message = `must be a whole number from 1 to 100, not ${JSON.stringify(value)}`;
      expect(() => parsed(query(), { [parameter]: value }), value).toThrow(`${parameter}: ${message}`);
    }
    const long = '9'.repeat(5000);
    expect(() => parsed(query(), { [parameter]: long })).toThrow(/not "9{39}$/);
    for (const far of ['0', '101']) expect(() => parsed(query(), { [parameter]: far })).toThrow(`not ${far}`);
  });
});

/** Every field of the body of every request. */
const FIELDS = Object.entries(operations).flatMap(([name, { body }]: [string, Operation]) => {
  const { properties = {} } = body === undefined ? {} : z.toJSONSchema(body(), { unrepresentable: 'any', io: 'input' });
  return Object.keys(properties).flatMap((field) => (body === undefined ? [] : [[name, field, body] as const]));
});

it.each(FIELDS)('a value of the wrong type is not missing: %s %s', (_, field, body) => {
  const issues = [5, true, 'x', [], {}].flatMap(
    (value) =>
      body()
        .safeParse({ [field]: value })
        .error?.issues.filter(({ path }) => path[0] === field) ?? [],
  );
  expect(issues).not.toEqual([]);
  for (const { message } of issues.filter(({ code }) => code === 'invalid_type'))
    expect(message).not.toMatch(/required/);
});

it('what is wrong with a field twice is said once', () => {
  const twice = [
    [http.mintTokenRequest, { userId: [] }],
    [http.removeDeviceQuery, { id: '' }],
    [http.listCallsQuery, { next: '\ud800'.repeat(600) }],
    [http.rejectRequest, { reason: '\ud800'.repeat(65) }],
    [http.registerDeviceRequest, { id: 't', push_provider: 'firebase', hardware_id: [] }],
  ] as const;
  for (const [schema, sent] of twice) {
    expect(schema().safeParse(sent).error?.issues.length).toBeGreaterThan(1);
    expect(() => parsed(schema(), sent)).toThrow(expect.objectContaining({ errors: [expect.anything()] }));
  }
});

describe('null', () => {
  it('counts as absent, wherever a field may be left out', () => {
    const reject = commandFrames['call.reject']();
    expect(reject.parse({ call_cid: 'a:b', reason: null, ring_id: null })).toEqual({
      call_cid: 'a:b',
      reason: 'decline',
    });
    expect(reject.parse({ call_cid: 'a:b', reason: '' })).toMatchObject({ reason: 'decline' });
    expect(reject.parse({ call_cid: 'a:b', reason: 'in a meeting' })).toMatchObject({ reason: 'in a meeting' });
    const device = http.registerDeviceRequest().parse({ id: 't', push_provider: 'firebase', sandbox: null });
    expect(device).toEqual({ id: 't', push_provider: 'firebase' });
    expect(http.listCallsQuery().parse({ limit: '', status: '', next: '' })).toEqual({ limit: 25 });
  });
  it('is not absent inside custom, in a candidate, or where something is required', () => {
    const data = { custom: { topic: null } };
    expect(http.createCallRequest().parse({ data })).toEqual({ data });
    const sent = { candidate: null, sdpMid: null, usernameFragment: null };
    expect(http.iceRequest().parse(sent)).toEqual(sent);
    const list = { candidates: [null, '', { candidate: null }, { candidate: 'c', usernameFragment: 'u' }] };
    expect(http.iceRequest().parse(list)).toEqual(list);
    for (const bad of [{}, { candidates: null }, { sdpMid: '0' }, { candidates: [{}] }, { candidates: [7] }])
      expect(http.iceRequest().safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    expect(commandFrames['call.ringing']().safeParse({ call_cid: null }).success).toBe(false);
  });
});

function isJson(message: string): boolean {
  try {
    JSON.parse(message);
    return true;
  } catch {
    return false;
  }
}
