import { decodeProtectedHeader, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, openApp, two } from '../../support/apps.ts';
import { callPath, rest, tokenWith, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const now = (): number => Math.floor(Date.now() / 1000);
const user = () => ({ user_id: unique('u') });
const GUESSED = new TextEncoder().encode('a-key-that-somebody-guessed-it-to-be');

let kid = '';
let foreign: (kid?: string) => Promise<string>;
beforeAll(async () => {
  kid = decodeProtectedHeader(await tokenWith(user())).kid ?? '';
  foreign = (named) =>
    new SignJWT({ ...user(), aud: 'carillon', exp: now() + 3600 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(named !== undefined && { kid: named }) })
      .sign(GUESSED);
});

/** What a client may send as a token, and the reason in the refusal. */
const BAD: readonly (readonly [what: string, make: () => Promise<string> | string, reason: string])[] = [
  ['no JWT', () => 'nonsense', 'malformed'],
  ['two parts', () => 'e30.e30', 'malformed'],
  ['three empty parts', () => '..', 'malformed'],
  ['a header that is no JSON', () => `${Buffer.from('x').toString('base64url')}.e30.e30`, 'malformed'],
  ['half of a JWT', async () => (await tokenWith(user())).slice(0, 40), 'malformed'],
  ['an exp 40 s ago', () => tokenWith(user(), { expires_in_s: -40 }), 'expired'],
  ['an exp a week ago', () => tokenWith(user(), { expires_in_s: -7 * 86_400 }), 'expired'],
  ['an nbf in 90 s', () => tokenWith({ ...user(), nbf: now() + 90 }), 'not_yet_valid'],
  ['an nbf tomorrow', () => tokenWith({ ...user(), nbf: now() + 86_400 }), 'not_yet_valid'],
  [
    'an iat in an hour, as of a clock that is wrong',
    () => tokenWith({ ...user(), iat: now() + 3600 }),
    'not_yet_valid',
  ],
  ['another key under a known kid', () => tokenWith(user(), { bad_signature: true }), 'bad_signature'],
  ['another key of the same name', () => foreign(kid), 'bad_signature'],
  [
    'a changed signature',
    async () => {
      const token = await tokenWith(user());
      return `${token.slice(0, -6)}${token.at(-6) === 'A' ? 'B' : 'A'}${token.slice(-5)}`;
    },
    'bad_signature',
  ],
  ['an unknown kid', () => foreign('last-year'), 'unknown_key'],
  ['a kid that every object has', () => foreign('constructor'), 'unknown_key'],
  ['the audience of another service', () => tokenWith({ ...user(), aud: 'somebody-else' }), 'wrong_audience'],
  ['several audiences of others', () => tokenWith({ ...user(), aud: ['a', 'b'] }), 'wrong_audience'],
];

const ROUTES: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/api/v2/devices'],
  ['POST', '/api/v2/devices', { id: 'x', push_provider: 'firebase' }],
  ['DELETE', '/api/v2/devices?id=x'],
  ['GET', '/api/v2/video/calls'],
  ['GET', '/api/v2/ice_servers'],
  ['POST', callPath('some-call'), { members: [{ user_id: 'somebody' }] }],
  ['GET', callPath('some-call')],
  ['POST', callPath('some-call', '/accept'), {}],
  ['POST', callPath('some-call', '/ice'), { candidate: 'candidate:c' }],
  ['GET', callPath('some-call', '/trace')],
];

const refusal = (reason: string) => ({ status: 401, code: 'unauthenticated', reason, error: expect.any(String) });

describe.each(BAD)('a token with %s', (_, make, reason) => {
  it(`is refused everywhere, as ${reason}`, async () => {
    const token = await make();
    for (const [method, path, body] of ROUTES) {
      const answer = await rest().request(method, path, { token, ...(body && { body }) });
      expect([method, path, answer.body]).toEqual([method, path, expect.objectContaining(refusal(reason))]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b.*error="invalid_token"/i);
    }
  });

  it('is refused as a bare JWT, for minting, and at the socket', async () => {
    const token = await make();
    const bare = await rest().request('GET', '/api/v2/devices', { headers: { authorization: token } });
    expect(bare.body).toMatchObject(refusal(reason));
    const mint = await rest().request('POST', '/v1/api/callStreams', { token, body: { userId: 'anybody' } });
    expect(mint.body).toMatchObject(refusal(reason));
    await expect(openApp(`token=${encodeURIComponent(token)}`)).rejects.toMatchObject({ status: 401 });
  });
});

describe('no token at all', () => {
  it('is refused everywhere, as missing', async () => {
    for (const [method, path, body] of ROUTES) {
      const answer = await rest().request(method, path, body ? { body } : {});
      expect([method, path, answer.body]).toEqual([method, path, expect.objectContaining(refusal('missing'))]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/i);
    }
    await expect(openApp('hardware_id=phone')).rejects.toMatchObject({ status: 401 });
    await expect(openApp('token=')).rejects.toMatchObject({ status: 401 });
  });
});

describe('a refusal', () => {
  it('has different details for a wrong clock and a wrong key', async () => {
    const late = await tokenWith(user(), { expires_in_s: -3600 });
    const forged = await tokenWith(user(), { bad_signature: true });
    const details = await Promise.all(
      [late, forged].map(async (token) => (await rest().request('GET', '/api/v2/devices', { token })).body.detail),
    );
    expect(new Set(details).size).toBe(2);
  });

  it('reports the signature if an expired token has a wrong one', async () => {
    const token = await tokenWith(user(), { bad_signature: true, expires_in_s: -3600 });
    expect((await rest().request('GET', '/api/v2/devices', { token })).body).toMatchObject(refusal('bad_signature'));
  });

  it('contains nothing of the token', async () => {
    const token = await tokenWith(user(), { expires_in_s: -3600 });
    const { body } = await rest().request('GET', '/api/v2/devices', { token });
    for (const part of token.split('.')) expect(JSON.stringify(body)).not.toContain(part);
  });

  it('has no reason if the token is good but the user is not allowed', async () => {
    const [alice, bob] = await two();
    const id = unique('call');
    await alice.post(callPath(id), { members: [{ user_id: alice.id }, { user_id: unique('x') }] });
    const { body } = await bob.get(callPath(id));
    expect(body).toMatchObject({ status: 403, code: 'not_a_member' });
    expect(body).not.toHaveProperty('reason');
  });
});
