import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  type Person,
  people,
  pushOf,
  rest,
  ring,
  tokenWith,
  unique,
} from '../support/people.ts';
import { stackLog } from '../support/stack-log.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const inAnHour = (): JWTPayload => ({ user_id: 'mallory', exp: now() + 3600 });
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const GUESSED = new TextEncoder().encode('a-key-that-somebody-guessed-it-to-be');
const signed = (header: JWTHeaderParameters, payload: JWTPayload = inAnHour(), key = GUESSED) =>
  new SignJWT(payload).setProtectedHeader(header).sign(key);

let kid: string;
let good: string;
beforeAll(async () => {
  good = await tokenWith({ user_id: 'mallory' });
  kid = decodeProtectedHeader(good).kid ?? '';
});

/** The good token with another header or payload before its signature. */
const tampered = (at: 0 | 1, part: object): string => good.split('.').with(at, encoded(part)).join('.');

/** Tokens that must be refused. */
const BAD: readonly (readonly [what: string, make: () => Promise<string> | string, reason: string])[] = [
  ['no JWT form', () => 'nonsense', 'malformed'],
  ['three empty parts', () => '..', 'malformed'],
  ['a header that is not JSON', () => `${Buffer.from('x').toString('base64url')}.e30.e30`, 'malformed'],
  ['alg none, unsigned', () => `${encoded({ alg: 'none' })}.${encoded(inAnHour())}.`, 'bad_signature'],
  ['alg none before a good signature', () => tampered(0, { alg: 'none', typ: 'JWT', kid }), 'bad_signature'],
  ['alg HS512', () => signed({ alg: 'HS512', kid }), 'bad_signature'],
  ['another key', () => signed({ alg: 'HS256', kid }), 'bad_signature'],
  ['another key and no kid', () => signed({ alg: 'HS256' }), 'bad_signature'],
  ['an unknown kid', () => signed({ alg: 'HS256', kid: 'nope' }), 'unknown_key'],
  [
    'the name of a property of every object as its kid',
    () => signed({ alg: 'HS256', kid: '__proto__' }),
    'unknown_key',
  ],
  ['the kid “current”', () => signed({ alg: 'HS256', kid: 'current' }), 'unknown_key'],
  [
    'its own key in the header',
    () => tampered(0, { alg: 'HS256', kid, jwk: { kty: 'oct', k: 'eA' } }),
    'bad_signature',
  ],
  [
    'a public key as the secret',
    async () => signed({ alg: 'HS256', kid }, inAnHour(), await aPublicKey()),
    'bad_signature',
  ],
  ['a changed payload', () => tampered(1, { ...inAnHour(), role: 'server' }), 'bad_signature'],
  ['an exp of null', () => tokenWith({ user_id: 'mallory', exp: null }), 'malformed'],
  ['an exp that is not a number', () => tokenWith({ user_id: 'mallory', exp: 'never' }), 'malformed'],
  ['an exp 40 s ago', () => tokenWith({ user_id: 'mallory' }, { expires_in_s: -40 }), 'expired'],
  // Thirty seconds past the leeway, so that they are still refused if the request takes its time.
  ['an nbf in 60 s', () => tokenWith({ user_id: 'mallory', nbf: now() + 60 }), 'not_yet_valid'],
  ['an iat in 60 s', () => tokenWith({ user_id: 'mallory', iat: now() + 60 }), 'not_yet_valid'],
  ['another audience', () => tokenWith({ user_id: 'mallory', aud: 'somebody-else' }), 'wrong_audience'],
  ['the audience of a wake token', () => tokenWith({ user_id: 'mallory', aud: 'carillon:wake' }), 'wrong_audience'],
  ['another typ', () => tokenWith({ user_id: 'mallory', typ: 'at+jwt' }), 'malformed'],
  ['no user', () => tokenWith({}), 'malformed'],
  ['a user id with a space', () => tokenWith({ user_id: 'not ok' }), 'malformed'],
  ['a user id of 129 characters', () => tokenWith({ user_id: 'x'.repeat(129) }), 'malformed'],
  ['a user id that is a number', () => tokenWith({ user_id: 7 }), 'malformed'],
  ['a user id that JavaScript reserves', () => tokenWith({ user_id: '__proto__' }), 'malformed'],
  ['a role other than server, and no user', () => tokenWith({ role: 'admin' }), 'malformed'],
  [
    'the type of a wake token and the key of a login',
    () => tokenWith({ ...ofACall(), typ: 'wake+jwt', aud: 'carillon:wake' }),
    'bad_signature',
  ],
  [
    'the type of a call token and the key of a login',
    () => tokenWith({ ...ofACall(), typ: 'call+jwt', aud: 'carillon:call' }),
    'bad_signature',
  ],
];

const ofACall = () => ({ user_id: 'mallory', call_cid: 'default:c1', token_fingerprint: 'device:x' });

/** The public half of the push key, as an attacker would use it to confuse the algorithms. */
async function aPublicKey(): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await rest().request('GET', '/_local/providers');
  return new TextEncoder().encode(body.apns.public_key);
}

describe.each(BAD)('a token with %s', (_, make, reason) => {
  it('is refused by REST and by the upgrade', async () => {
    const token = await make();
    const answer = await rest().request('GET', '/api/v2/devices', { token });
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated', reason });
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="${answer.body.detail}"`,
    );
    await expect(connectWith(token)).rejects.toMatchObject({ status: 401 });
  });
});

describe('a token', () => {
  it.each<[string, () => object]>([
    ['user_id', () => ({ user_id: 'x'.repeat(128) })],
    ['sub if there is no user_id', () => ({ sub: 'somebody' })],
    ['an id of an identity provider', () => ({ sub: 'google-oauth2|1036' })],
    ['a mail address', () => ({ user_id: 'a+b@example.com' })],
    ['one of several audiences', () => ({ user_id: 'somebody', aud: ['others', 'carillon'] })],
    ['an exp 10 s ago', () => ({ user_id: 'somebody', exp: now() - 10 })],
    ['an nbf and an iat in 20 s', () => ({ user_id: 'somebody', nbf: now() + 20, iat: now() + 20 })],
  ])('is accepted with %s', async (_, claims) => {
    const token = await tokenWith(claims());
    expect((await rest().request('GET', '/api/v2/devices', { token })).status).toBe(200);
    const socket = await connectWith(token);
    await socket.next('user.connected');
    await socket.close();
  });
  it('keeps a name of up to 128 characters, and loses a longer one', async () => {
    for (const [name, shown] of [
      ['ä'.repeat(128), 'ä'.repeat(128)],
      ['ä'.repeat(129), undefined],
      [7, undefined],
      ['\ud800', undefined],
    ]) {
      const user_id = unique('named');
      const socket = await connectWith(await tokenWith({ user_id, name }));
      const { user } = await socket.next('user.connected');
      expect(user).toEqual({ id: user_id, online: true, ...(shown !== undefined && { name: shown }) });
      await socket.close();
    }
  });
  it('may come without a scheme in the header, but not with another one', async () => {
    const id = unique('u');
    const answer = await rest().request('GET', '/api/v2/devices', {
      headers: { authorization: await tokenWith({ user_id: id }) },
    });
    expect(answer.status).toBe(200);
    for (const [header, reason] of [
      ['Basic Zm9vOmJhcg==', 'malformed'],
      ['Bearer', 'missing'],
      ['Bearer  ', 'missing'],
    ] as const) {
      const refused = await rest().request('GET', '/api/v2/devices', { headers: { authorization: header } });
      expect(refused.body).toMatchObject({ status: 401, code: 'unauthenticated', reason });
    }
  });
  it('that is missing is asked for, without a word of an error', async () => {
    const answer = await rest().request('GET', '/api/v2/devices');
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated', reason: 'missing' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    await expect(connectWith('')).rejects.toMatchObject({ status: 401 });
    await eventually(
      async () => stackLog().includes('"message":{"errorType":"Unauthorized","errorMessage":"Unauthorized"'),
      'a line of the runtime that names what was thrown',
    );
  });
});

describe('a server token', () => {
  let alice: Person;
  let bob: Person;
  beforeAll(async () => {
    [alice, bob] = await people('alice', 'bob');
  });
  it('acts for the user whom it names, must name one to act, and reads any call', async () => {
    const { id } = await ring(alice, bob);
    const token = await tokenWith({ role: 'server' });
    const as = (method: string, path: string) =>
      rest().request(method, path, { token, ...(method === 'POST' && { body: {} }) });
    expect((await as('GET', callPath(id))).body.call.version).toBe(1);
    for (const path of ['/api/v2/devices', '/api/v2/video/calls', '/api/v2/ice_servers']) {
      expect((await as('GET', path)).body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'user_id' }] });
    }
    expect((await as('POST', callPath(id, '/accept'))).body).toMatchObject({
      status: 400,
      errors: [{ path: 'user_id' }],
    });
    expect((await as('GET', `/api/v2/devices?user_id=${'x'.repeat(129)}`)).body.code).toBe('validation_failed');
    const stranger = await as('POST', `${callPath(id, '/accept')}?user_id=${unique('nobody')}`);
    expect(stranger.body).toMatchObject({ status: 403, code: 'not_a_member' });
    expect((await as('POST', `${callPath(id, '/reject')}?user_id=${bob.id}`)).body.call.ended_reason).toBe('rejected');
    await expect(connectWith(token)).rejects.toMatchObject({ status: 403 });
  });
  it('may name another user; a login, a wake token and a call token may not', async () => {
    const phone = await bob.android();
    const { id } = await ring(alice, bob);
    const wake = keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '';
    const asAlice = (token: string) =>
      rest().request('POST', `${callPath(id, '/accept')}?user_id=${alice.id}`, { token, body: {} });
    for (const token of [bob.token, wake])
      expect((await asAlice(token)).body).toMatchObject({ status: 403, code: 'not_allowed' });
    const { call_token } = (await rest().request('POST', callPath(id, '/accept'), { token: wake, body: {} })).body;
    expect((await asAlice(call_token)).body).toMatchObject({ status: 403, code: 'not_allowed' });
    await alice.post(callPath(id, '/mark_ended'));
  });
  it('has the role “server”, in this spelling only', async () => {
    const refused = [
      ['Server', 'not_allowed'],
      ['admin', 'not_allowed'],
      [true, 'unauthenticated'],
    ] as const;
    for (const [role, code] of refused) {
      const token = await tokenWith({ user_id: unique('u'), role });
      expect((await rest().request('GET', `/api/v2/devices?user_id=${bob.id}`, { token })).body.code).toBe(code);
    }
  });
});

describe('a socket', () => {
  it('is refused with 403 if the token is good and the hardware id too long', async () => {
    const token = await tokenWith({ user_id: unique('u') });
    await expect(connectWith(token, `&hardware_id=${'h'.repeat(65)}`)).rejects.toMatchObject({ status: 403 });
    const socket = await connectWith(token, `&hardware_id=${randomUUID()}${'h'.repeat(28)}`);
    await socket.next('user.connected');
    await socket.close();
  });
});
