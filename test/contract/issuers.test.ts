import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { CompactSign, exportSPKI, importJWK, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issuerTokens } from '#adapters/jwt/issuer-tokens.ts';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenVerifier } from '#adapters/jwt/tokens.ts';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import { type EpochMs, epochMs, later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { issuers } from '#wire/settings/issuers.ts';
import { anIssuer, type IssuerKeyPair, keyPair, type TestIssuer } from '../support/an-issuer.ts';
import { KEY_RING, signedToken } from '../support/key-ring.ts';

// The verifier against identity providers over HTTPS: what it takes, every attack that it does not, and when it asks
// for keys.

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

let keys: { rsa: IssuerKeyPair; ec: IssuerKeyPair; ed: IssuerKeyPair };
beforeAll(async () => {
  const [rsa, ec, ed] = await Promise.all([keyPair('RS256', 'rsa'), keyPair('ES256', 'ec'), keyPair('EdDSA', 'ed')]);
  keys = { rsa, ec, ed };
});

const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

/** The time of a test, which moves only if the test says so. */
interface Time {
  now: EpochMs;
}

async function issuer(time: Time, published = [keys.rsa.jwk, keys.ec.jwk, keys.ed.jwk]): Promise<TestIssuer> {
  const started = await anIssuer(() => time.now, published);
  opened.push(started);
  return started;
}

const startOfTime = (): Time => ({ now: epochMs(Math.floor(Date.now() / 1000) * 1000) });

/** A verifier that trusts issuers by their settings. */
function verifying(time: Time, settings: readonly object[], { networks = LOOPBACK } = {}) {
  const clock = () => time.now;
  const faults: unknown[] = [];
  const ring = keyRing(async () => JSON.stringify(KEY_RING), clock);
  const fromIssuer = issuerTokens(issuers().parse(settings), {
    outgoing: guardedRequests(networks),
    clock,
    onFault: (_, error) => faults.push(error),
  });
  return { verify: tokenVerifier(ring, clock, fromIssuer).verify, faults };
}

/** One issuer and a verifier that trusts it. */
async function scene(setting: object = {}) {
  const time = startOfTime();
  const idp = await issuer(time);
  const { verify, faults } = verifying(time, [{ issuer: idp.url, audience: ['carillon'], ...setting }]);
  return { time, idp, verify, faults };
}

const refused = (reason: string) => ({ kind: 'refused', reason });
const speaksFor = (principal: object) => ({ kind: 'verified', principal: expect.objectContaining(principal) });

const jwksAsked = ({ asked }: TestIssuer) => asked.filter((path) => path === '/keys').length;

describe('a token of an identity provider', () => {
  it.each(['rsa', 'ec', 'ed'] as const)('is a login, signed with the key %s', async (name) => {
    const { idp, verify } = await scene();
    expect(await verify(await idp.sign(keys[name], { name: 'Alice' }))).toEqual(
      speaksFor({ kind: 'login', userId: 'alice', name: 'Alice', issuer: idp.url }),
    );
  });

  it('may be an access token (RFC 9068), have no kid, or several audiences', async () => {
    const { idp, verify } = await scene();
    for (const token of [
      await idp.sign(keys.rsa, {}, { typ: 'at+jwt' }),
      await idp.sign(keys.rsa, {}, { kid: undefined }),
      await idp.sign(keys.rsa, { aud: ['other', 'carillon'] }),
      await idp.sign(keys.rsa, { aud: undefined, client_id: 'carillon', token_use: 'access' }),
    ]) {
      expect(await verify(token)).toEqual(speaksFor({ userId: 'alice' }));
    }
  });

  it('names its user and what they are called in the claims of the setting', async () => {
    const { idp, verify } = await scene({ user_claim: 'https://app.example/uid', name_claim: 'nickname' });
    const claims = { 'https://app.example/uid': 'auth0|1', nickname: 'Al', name: 'Alice' };
    expect(await verify(await idp.sign(keys.rsa, claims))).toEqual(speaksFor({ userId: 'auth0|1', name: 'Al' }));
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('malformed'));
  });

  it.each([
    ['picture', {}],
    ['avatar', { image_claim: 'avatar' }],
  ])('shows the user’s picture of the claim %s, if that is the address of one', async (claim, setting) => {
    const { idp, verify } = await scene(setting);
    const image = 'https://pictures.example/al.png?size=128&of=a%20b';
    expect(await verify(await idp.sign(keys.rsa, { [claim]: image }))).toEqual(speaksFor({ image }));
    const noAddresses = [
      'http://pictures.example/al.png',
      'https://a"b',
      'https://a b',
      `https://a/${'x'.repeat(503)}`,
      7,
    ];
    for (const none of [...noAddresses, undefined]) {
      const token = await idp.sign(keys.rsa, { image, ...(none !== undefined && { [claim]: none }) });
      expect(await verify(token)).toEqual({ kind: 'verified', principal: expect.not.objectContaining({ image }) });
      expect(await verify(token)).toEqual(speaksFor({ userId: 'alice' }));
    }
  });

  it('is found by discovery, or where the setting says', async () => {
    const { idp, verify } = await scene();
    await verify(await idp.sign(keys.rsa));
    expect(idp.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    const time = startOfTime();
    const other = await issuer(time);
    const direct = verifying(time, [{ issuer: other.url, audience: ['carillon'], jwks_uri: `${other.url}/elsewhere` }]);
    expect(await direct.verify(await other.sign(keys.rsa))).toEqual(speaksFor({ userId: 'alice' }));
    expect(other.asked).toEqual(['/elsewhere']);
  });

  it.each([
    ['a list with the value', { claim: 'groups', value: 'ops' }, { groups: ['dev', 'ops'] }, 'server'],
    ['the value', { claim: 'custom:role', value: 'backend' }, { 'custom:role': 'backend' }, 'server'],
    ['a scope with it', { claim: 'scope', value: 'ring/all' }, { scope: 'openid ring/all' }, 'server'],
    ['another value', { claim: 'groups', value: 'ops' }, { groups: ['opsy'] }, 'login'],
    ['a text that holds it', { claim: 'groups', value: 'ops' }, { groups: 'dev ops' }, 'login'],
    ['no such claim', { claim: 'toString', value: 'ops' }, {}, 'login'],
  ])('is a server’s by the setting alone: with %s', async (_, server, claims, kind) => {
    const { idp, verify } = await scene({ server });
    expect(await verify(await idp.sign(keys.rsa, claims))).toEqual(speaksFor({ kind, userId: 'alice' }));
  });

  it('of a server needs no user', async () => {
    const { idp, verify } = await scene({ server: { claim: 'scope', value: 'all' } });
    const principal = await verify(await idp.sign(keys.rsa, { sub: 'no user id', scope: 'all' }));
    expect(principal).toEqual(speaksFor({ kind: 'server' }));
    expect(principal).not.toHaveProperty('principal.userId');
  });
});

type Scene = Awaited<ReturnType<typeof scene>>;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that is signed with HS256, with any text as the key. */
function hmacToken(claims: object, header: object, key: string): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

const seconds = ({ now }: Time): number => now / 1000;
const goodClaims = ({ idp, time }: Scene) => ({
  iss: idp.url,
  aud: 'carillon',
  sub: 'alice',
  iat: seconds(time),
  exp: seconds(time) + 60,
});

/** A token that differs from a good one by its claims. */
const claiming =
  (claims: object | ((s: Scene) => object)) =>
  (s: Scene): Promise<string> =>
    s.idp.sign(keys.rsa, { ...(typeof claims === 'function' ? claims(s) : claims) });

const spki = async (): Promise<string> => {
  const key = await importJWK(keys.rsa.jwk, 'RS256', { extractable: true });
  if (key instanceof Uint8Array) throw new Error('not a public key');
  return exportSPKI(key);
};

/** A key that the attacker has made, under the id of a key of the issuer. */
const stranger = () => keyPair('RS256', 'rsa');

/** Every attack: what it is, how the token is made, and the reason that it is refused for. */
const ATTACKS: readonly (readonly [what: string, token: (s: Scene) => string | Promise<string>, reason: string])[] = [
  ['alg none', (s) => new UnsecuredJWT(goodClaims(s)).encode(), 'bad_signature'],
  ['alg None, with a signature', (s) => `${part({ alg: 'None' })}.${part(goodClaims(s))}.c2ln`, 'bad_signature'],
  ['HS256 with the public key', async (s) => hmacToken(goodClaims(s), {}, await spki()), 'bad_signature'],
  ['the same, naming its kid', async (s) => hmacToken(goodClaims(s), { kid: 'rsa' }, await spki()), 'unknown_key'],
  ['HS256 with the JWK as text', (s) => hmacToken(goodClaims(s), {}, JSON.stringify(keys.rsa.jwk)), 'bad_signature'],
  ['HS256 with an empty key', (s) => hmacToken(goodClaims(s), {}, ''), 'bad_signature'],
  ['RS512', async (s) => s.idp.sign(await keyPair('RS512', 'rsa')), 'bad_signature'],
  ['another key with the same kid', async (s) => s.idp.sign(await stranger()), 'bad_signature'],
  ['another key and no kid', async (s) => s.idp.sign(await stranger(), {}, { kid: undefined }), 'bad_signature'],
  [
    'an embedded key',
    async (s) => {
      const own = await keyPair('RS256', 'own');
      return s.idp.sign(own, {}, { jwk: own.jwk });
    },
    'unknown_key',
  ],
  [
    'keys at an address of its own',
    async (s) => {
      const own = await keyPair('RS256', 'own');
      const elsewhere = await issuer(s.time, [own.jwk]);
      return s.idp.sign(own, {}, { jku: `${elsewhere.url}/keys`, x5u: `${elsewhere.url}/cert` });
    },
    'unknown_key',
  ],
  ['the key of an algorithm under the kid of another', (s) => s.idp.sign(keys.ec, {}, { kid: 'rsa' }), 'unknown_key'],
  ['a kid that is a path', (s) => s.idp.sign(keys.rsa, {}, { kid: '../../rsa' }), 'unknown_key'],
  ['a kid that is an address', (s) => s.idp.sign(keys.rsa, {}, { kid: 'https://evil.example/rsa' }), 'unknown_key'],
  ['a kid of JavaScript’s own', (s) => s.idp.sign(keys.rsa, {}, { kid: '__proto__' }), 'unknown_key'],
  ['an empty kid', (s) => s.idp.sign(keys.rsa, {}, { kid: '' }), 'unknown_key'],
  ['a kid that is no text', (s) => s.idp.sign(keys.rsa, {}, { kid: 7 }), 'malformed'],
  ['a critical header that nobody knows', (s) => s.idp.sign(keys.rsa).then(withCritical), 'malformed'],
  ['the typ of a wake token', (s) => s.idp.sign(keys.rsa, {}, { typ: 'wake+jwt' }), 'malformed'],
  ['the typ of a logout token', (s) => s.idp.sign(keys.rsa, {}, { typ: 'logout+jwt' }), 'malformed'],
  ['no issuer', claiming({ iss: undefined }), 'unknown_key'],
  ['an issuer that nobody has named', claiming({ iss: 'https://evil.example' }), 'unknown_key'],
  ['the issuer with a slash more', claiming(({ idp }) => ({ iss: `${idp.url}/` })), 'unknown_key'],
  ['an issuer that is a list', claiming(({ idp }) => ({ iss: [idp.url] })), 'unknown_key'],
  ['an audience that is not ours', claiming({ aud: 'other' }), 'wrong_audience'],
  ['no audience', claiming({ aud: undefined }), 'wrong_audience'],
  ['no audience in a list', claiming({ aud: [] }), 'wrong_audience'],
  ['another client’s access token', claiming({ aud: undefined, client_id: 'other' }), 'wrong_audience'],
  ['an audience that a client_id would mend', claiming({ aud: 'other', client_id: 'carillon' }), 'wrong_audience'],
  ['an ID token where an access token is due', claiming({ aud: 'the-app-itself' }), 'wrong_audience'],
  ['the audience in another case', claiming({ aud: 'Carillon' }), 'wrong_audience'],
  ['no exp', claiming({ exp: undefined }), 'malformed'],
  ['an exp that is a text', claiming({ exp: '9999999999' }), 'malformed'],
  ['an exp that is endless', (s) => endless(goodClaims(s)), 'malformed'],
  ['an exp that has passed', claiming(({ time }) => ({ exp: seconds(time) - 31 })), 'expired'],
  ['an nbf ahead', claiming(({ time }) => ({ nbf: seconds(time) + 31 })), 'not_yet_valid'],
  ['an nbf that is a text', claiming({ nbf: '0' }), 'malformed'],
  ['an iat ahead', claiming(({ time }) => ({ iat: seconds(time) + 31 })), 'not_yet_valid'],
  ['an iat that is a text', claiming({ iat: 'now' }), 'malformed'],
  ['16 KiB', claiming({ padding: 'x'.repeat(16 * 1024) }), 'malformed'],
  ['a sub that is no user id', claiming({ sub: 'alice bob' }), 'malformed'],
  ['a sub that is too long', claiming({ sub: 'a'.repeat(129) }), 'malformed'],
  ['a sub that is a list', claiming({ sub: ['alice'] }), 'malformed'],
  ['no sub', claiming({ sub: undefined }), 'malformed'],
  ['a sub of JavaScript’s own', claiming({ sub: '__proto__' }), 'malformed'],
  ['claims that are changed', async (s) => changed(await s.idp.sign(keys.rsa), goodClaims(s)), 'bad_signature'],
  ['a signature that is cut', async (s) => (await s.idp.sign(keys.rsa)).slice(0, -4), 'bad_signature'],
  ['no signature', async (s) => (await s.idp.sign(keys.rsa)).replace(/[^.]+$/, ''), 'bad_signature'],
];

/** The token with a header that only who understands it may take. */
const withCritical = (token: string): string => {
  const [, claims, signature] = token.split('.');
  return [part({ alg: 'RS256', kid: 'rsa', crit: ['exp'], exp: 1 }), claims, signature].join('.');
};

/** A token that is well signed, with an `exp` that JSON reads as Infinity. */
const endless = (claims: object): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify({ ...claims, exp: 1 }).replace('"exp":1', '"exp":1e999')))
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
    .sign(keys.rsa.privateKey);

const changed = (token: string, claims: object): string => {
  const [header, , signature] = token.split('.');
  return [header, part({ ...claims, sub: 'bob' }), signature].join('.');
};

describe('an attack', () => {
  it.each(ATTACKS)('by %s is refused', async (_, tokenOf, reason) => {
    const s = await scene();
    const token = await tokenOf(s);
    expect(await s.verify(token)).toMatchObject(refused(reason));
    expect(await s.verify(await s.idp.sign(keys.rsa))).toEqual(speaksFor({ userId: 'alice' }));
  });

  it('leaves no name in the log, unless the issuer signed it', async () => {
    const { verify, idp, time } = await scene();
    const expired = { exp: seconds(time) - 60 };
    expect(await verify(await idp.sign(keys.rsa, expired))).toEqual({ ...refused('expired'), userId: 'alice' });
    const forged = await idp.sign(await keyPair('RS256', keys.rsa.kid), expired);
    expect(await verify(forged)).toEqual(refused('bad_signature'));
  });

  it('by another issuer’s key with the same kid is refused', async () => {
    const time = startOfTime();
    const twin = await keyPair('RS256', 'rsa');
    const [good, evil] = [await issuer(time), await issuer(time, [twin.jwk])];
    const { verify } = verifying(
      time,
      [good, evil].map(({ url }) => ({ issuer: url, audience: ['carillon'] })),
    );
    expect(await verify(await evil.sign(twin))).toEqual(speaksFor({ issuer: evil.url }));
    expect(await verify(await evil.sign(twin, { iss: good.url }))).toEqual(refused('bad_signature'));
  });

  it('by a role that an identity provider wrote is a login', async () => {
    const { idp, verify } = await scene();
    const claims = { role: 'server', user_id: 'bob', sub: 'alice' };
    expect(await verify(await idp.sign(keys.rsa, claims))).toEqual(speaksFor({ kind: 'login', userId: 'alice' }));
  });

  it('by an algorithm that the setting leaves out is refused', async () => {
    const { idp, verify } = await scene({ algorithms: ['ES256'] });
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('bad_signature'));
    expect(await verify(await idp.sign(keys.ec))).toEqual(speaksFor({ userId: 'alice' }));
  });

  it('by a secret, a private, a weak or a broken key in the key set finds no key there', async () => {
    const s = await scene();
    const weak = { ...keys.rsa.jwk, kid: 'weak', n: 'AQAB'.repeat(20) };
    const odd = { kty: 'RSA', kid: 'odd', n: '!'.repeat(400), e: 'AQAB' };
    const encrypting = { ...keys.rsa.jwk, kid: 'enc', use: 'enc' };
    s.idp.published = [{ kty: 'oct', kid: 'oct', k: 'c2VjcmV0' }, weak, odd, encrypting, keys.ec.jwk];
    expect(await s.verify(await s.idp.sign(keys.ec))).toEqual(speaksFor({ userId: 'alice' }));
    for (const kid of ['oct', 'weak', 'odd', 'enc']) {
      expect(await s.verify(await s.idp.sign(keys.rsa, {}, { kid }))).toEqual(refused('unknown_key'));
    }
    expect(await s.verify(hmacToken(goodClaims(s), { kid: 'oct' }, 'secret'))).toEqual(refused('unknown_key'));
  });

  it('that is no attack: an exp in the far future is the issuer’s own decision', async () => {
    const { idp, verify, time } = await scene();
    const exp = seconds(time) + 100 * 365 * 86_400;
    expect(await verify(await idp.sign(keys.rsa, { exp }))).toEqual(speaksFor({ userId: 'alice' }));
  });
});

describe('the keys of an issuer', () => {
  it('are read once for a thousand tokens with unknown kids', async () => {
    const { idp, verify, time } = await scene();
    await verify(await idp.sign(keys.rsa));
    time.now = later(time.now, 30 * SECOND_MS);
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => idp.sign(keys.ed, {}, { kid: `unknown-${i}` })),
    );
    const verdicts = await Promise.all(tokens.map((token) => verify(token)));
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict)))).toEqual(
      new Set([JSON.stringify(refused('unknown_key'))]),
    );
    expect(jwksAsked(idp)).toBe(2);
    time.now = later(time.now, 29 * SECOND_MS);
    expect(await verify(await idp.sign(keys.ed, {}, { kid: 'later' }))).toEqual(refused('unknown_key'));
    expect(jwksAsked(idp)).toBe(2);
  });

  it('that are new are found by their kid after 30 seconds at the latest', async () => {
    const { idp, verify, time } = await scene();
    await verify(await idp.sign(keys.rsa));
    const fresh = await keyPair('RS256', 'fresh');
    idp.published = [keys.rsa.jwk, fresh.jwk];
    time.now = later(time.now, 30 * SECOND_MS);
    expect(await verify(await idp.sign(fresh))).toEqual(speaksFor({ userId: 'alice' }));
  });

  it('that are published no longer are refused ten minutes later, and not asked for before', async () => {
    const { idp, verify, time } = await scene();
    await verify(await idp.sign(keys.rsa));
    idp.published = [keys.ec.jwk];
    time.now = later(time.now, 10 * MINUTE_MS - 1);
    expect(await verify(await idp.sign(keys.rsa))).toEqual(speaksFor({ userId: 'alice' }));
    expect(jwksAsked(idp)).toBe(1);
    time.now = later(time.now, 1);
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('unknown_key'));
    expect(await verify(await idp.sign(keys.ec))).toEqual(speaksFor({ userId: 'alice' }));
    expect(jwksAsked(idp)).toBe(2);
  });

  it.each<readonly [string, TestIssuer['serve'] & {}]>([
    ['answers 500', (response) => response.writeHead(500).end()],
    ['does not answer', () => undefined],
    ['answers a byte at a time', (response) => void dripping(response)],
    ['answers 5 MB', (response) => response.end(JSON.stringify({ keys: [], padding: 'x'.repeat(5_000_000) }))],
    ['redirects', (response) => response.writeHead(302, { location: 'https://localhost/keys' }).end()],
    ['answers HTML', (response) => response.end('<html>')],
    ['answers something else in JSON', (response) => response.end('{"keys":"none"}')],
    ['cuts the connection', (response) => response.destroy()],
  ])('stay known while their issuer %s, and the next time is half a minute later', async (_, serve) => {
    const { idp, verify, time, faults } = await scene();
    await verify(await idp.sign(keys.rsa));
    idp.serve = serve;
    time.now = later(time.now, 11 * MINUTE_MS);
    for (const key of [keys.rsa, keys.ec]) {
      expect(await verify(await idp.sign(key))).toEqual(speaksFor({ userId: 'alice' }));
    }
    expect(faults).toHaveLength(1);
    expect(await verify(await idp.sign(await keyPair('RS256', 'new')))).toEqual(refused('unknown_key'));
    expect(faults).toHaveLength(1);
    idp.serve = undefined;
    idp.published = [keys.ec.jwk];
    time.now = later(time.now, 30 * SECOND_MS);
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('unknown_key'));
  });

  it('are not waited for by the deployment’s own tokens', async () => {
    const { idp, verify } = await scene();
    idp.serve = () => undefined;
    let isWaiting = true;
    const waiting = verify(await idp.sign(keys.rsa)).then((verdict) => {
      isWaiting = false;
      return verdict;
    });
    expect(await verify(await signedToken({ user_id: 'bob' }))).toEqual(speaksFor({ userId: 'bob' }));
    expect(isWaiting).toBe(true);
    expect(await waiting).toEqual(refused('unknown_key'));
  });

  it('are read again soon if none has ever been', async () => {
    const { idp, verify, time } = await scene();
    idp.serve = (response) => response.writeHead(503).end();
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('unknown_key'));
    idp.serve = undefined;
    time.now = later(time.now, 5 * SECOND_MS);
    expect(await verify(await idp.sign(keys.rsa))).toEqual(speaksFor({ userId: 'alice' }));
  });

  it('are not taken from a discovery document of somebody else', async () => {
    const { idp, time } = await scene();
    const { verify, faults } = verifying(time, [{ issuer: `${idp.url}/`, audience: ['carillon'] }]);
    expect(await verify(await idp.sign(keys.rsa, { iss: `${idp.url}/` }))).toEqual(refused('unknown_key'));
    expect(String(faults[0])).toContain('another issuer');
  });

  it('are never asked for on a private network that the function may not reach', async () => {
    const time = startOfTime();
    const idp = await issuer(time);
    const { verify, faults } = verifying(time, [{ issuer: idp.url, audience: ['carillon'] }], { networks: [] });
    expect(await verify(await idp.sign(keys.rsa))).toEqual(refused('unknown_key'));
    expect(faults[0]).toMatchObject({ fault: 'private_address' });
    expect(idp.asked).toEqual([]);
  });

  it('may come by http from this machine alone', async () => {
    const time = startOfTime();
    const idp = await issuer(time);
    const plain = createServer((_, response) => response.end(JSON.stringify({ keys: idp.published })));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    opened.push(plain);
    const { port } = Object(plain.address());
    const setting = { issuer: idp.url, audience: ['carillon'], jwks_uri: `http://127.0.0.1:${port}/keys` };
    expect(await verifying(time, [setting]).verify(await idp.sign(keys.rsa))).toEqual(speaksFor({ userId: 'alice' }));
    expect(() => issuers().parse([{ ...setting, jwks_uri: 'http://keys.example/' }])).toThrow('https');
  });
});

async function dripping(response: { write(text: string): unknown; destroyed: boolean }): Promise<void> {
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 100);
}
