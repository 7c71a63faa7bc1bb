import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { epochMs, later } from '#domain/time.ts';
import { anIphone } from '../../support/builders.ts';

const now = epochMs(Math.floor(Date.now() / 1000) * 1000);
const clock = () => now;
const K1 = 'k1-secret-that-is-long-enough-to-sign';
const K2 = 'k2-secret-that-is-long-enough-to-sign';

function tokens(secret: object = { current: 'k1', k1: K1 }) {
  const held = { text: JSON.stringify(secret), cached: '' };
  const ring = keyRing(async ({ fresh } = { fresh: false }) => {
    if (fresh || held.cached === '') held.cached = held.text;
    return held.cached;
  }, clock);
  return {
    mint: tokenMint(ring, clock),
    verify: tokenVerifier(ring, clock).verify,
    rotate: (to: object) => (held.text = JSON.stringify(to)),
  };
}

const signed = (claims: Record<string, unknown>, { header = {}, key = K1 } = {}) =>
  new SignJWT({ exp: now / 1000 + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(key));

describe('a login token', () => {
  it('names its user in user_id, or else in sub', async () => {
    const { verify } = tokens();
    expect(await verify(await signed({ user_id: 'alice', sub: 'x', name: 'Alice' }))).toMatchObject({
      kind: 'login',
      userId: 'alice',
      name: 'Alice',
    });
    expect(await verify(await signed({ sub: 'bob' }))).toMatchObject({ userId: 'bob' });
  });
  it('of the app’s own backend has the role server, and needs no user', async () => {
    expect(await tokens().verify(await signed({ role: 'server' }))).toMatchObject({ kind: 'server' });
  });
  it.each([
    ['no user', {}],
    ['a bad user id', { user_id: 'no spaces' }],
    ['an expired one', { user_id: 'a', exp: now / 1000 - 31 }],
    ['one not yet valid', { user_id: 'a', nbf: now / 1000 + 31 }],
    ['one from the future', { user_id: 'a', iat: now / 1000 + 31 }],
    ['another audience', { user_id: 'a', aud: 'carillon:wake' }],
  ])('is refused with %s', async (_, claims) => {
    expect(await tokens().verify(await signed(claims))).toBeUndefined();
  });
  it('has thirty seconds of leeway', async () => {
    const { verify } = tokens();
    expect(await verify(await signed({ user_id: 'a', exp: now / 1000 - 29, iat: now / 1000 + 29 }))).toBeDefined();
  });
  it('is refused without exp, with another key, with an unknown kid, with no algorithm, or if it is not a JWT', async () => {
    const { verify } = tokens();
    expect(
      await verify(
        await new SignJWT({ user_id: 'a' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(K1)),
      ),
    ).toBeUndefined();
    expect(await verify(await signed({ user_id: 'a' }, { key: K2 }))).toBeUndefined();
    expect(await verify(await signed({ user_id: 'a' }, { header: { kid: 'nope' } }))).toBeUndefined();
    const none = [{ alg: 'none' }, { user_id: 'a', exp: now / 1000 + 60 }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    expect(await verify(`${none.join('.')}.`)).toBeUndefined();
    expect(await verify('not-a-jwt')).toBeUndefined();
  });
});

describe('rotation', () => {
  it('accepts tokens of the old key and of the new one, and finds a new kid by itself', async () => {
    const { verify, rotate } = tokens();
    rotate({ current: 'k2', k1: K1, k2: K2 });
    expect(await verify(await signed({ user_id: 'a' }, { key: K2, header: { kid: 'k2' } }))).toBeDefined();
    expect(await verify(await signed({ user_id: 'a' }, { header: { kid: 'k1' } }))).toBeDefined();
    expect(await verify(await signed({ user_id: 'a' }, { key: K2 }))).toBeDefined();
  });
});

describe('tokens of one call', () => {
  it('name the call, the user and the handset, and are of another kind than a login', async () => {
    const { mint, verify } = tokens();
    const wake = await verify(
      await mint.wake(anIphone({ hardwareId: 'h' }), { cid: 'default:c1', ringId: 'r1' }, later(now, 60_000)),
    );
    expect(wake).toEqual({
      kind: 'wake',
      userId: 'bob',
      cid: 'default:c1',
      ringId: 'r1',
      hardwareId: 'h',
      tokenFingerprint: 'device:iphone-key',
    });
    const token = await mint.call(
      { cid: 'default:c1', userId: 'bob', tokenFingerprint: 'device:iphone-key' },
      later(now, 60_000),
    );
    expect(await verify(token)).toEqual({
      kind: 'call',
      userId: 'bob',
      cid: 'default:c1',
      tokenFingerprint: 'device:iphone-key',
    });
  });
  it('cannot be signed with the key of a login', async () => {
    const forged = await signed(
      { user_id: 'bob', call_cid: 'default:c1', token_fingerprint: 'x', aud: 'carillon:wake' },
      { header: { typ: 'wake+jwt', kid: 'k1' } },
    );
    expect(await tokens().verify(forged)).toBeUndefined();
  });
});
