import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { unauthenticated } from '#domain/errors.ts';
import { epochMs, later } from '#domain/time.ts';
import { operatorToken, ownName } from '../../../tools/operator-token.ts';
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

const refusedWith = (reason: string) => ({ kind: 'refused', reason });
const spokenFor = (principal: object) => ({ kind: 'verified', principal });

describe('an operator token', () => {
  const { verify } = tokens();
  const by = (name: string) => operatorToken(async () => JSON.stringify({ current: 'k1', k1: K1 }), name, clock);
  it('names its operator, in up to 128 characters', async () => {
    for (const name of ['Olga', 'فاطمة', '😀'.repeat(128)])
      expect(await verify(await by(name))).toMatchObject(spokenFor({ kind: 'operator', name }));
  });
  it('names whoever runs the program, also where their computer has no name for them', () => {
    expect(ownName()).toMatch(/./);
    const unnamed = () => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    };
    expect(ownName(unnamed)).toBe(`user ${process.getuid?.()}`);
  });
  it.each(['', '  ', 'x'.repeat(129), '\ud800'])('without a name that a log can have is refused: %j', async (name) => {
    expect(await verify(await by(name))).toMatchObject(refusedWith('malformed'));
    expect(unauthenticated('malformed').message).toContain('names no user or operator');
  });
});

describe('a login token', () => {
  it('shows the picture of its user, if that is the address of one, and so does a call token', async () => {
    const { mint, verify } = tokens();
    const image = 'https://pictures.example/alice.png';
    expect(await verify(await signed({ user_id: 'alice', image }))).toMatchObject(spokenFor({ image }));
    expect(await verify(await signed({ user_id: 'alice', image: 'alice.png' }))).not.toHaveProperty('principal.image');
    const handset = { cid: 'default:c1', userId: 'alice', image, tokenFingerprint: 'f' };
    expect(await verify(await mint.call(handset, later(now, 60_000)))).toMatchObject(spokenFor({ image }));
  });

  it('names its user in user_id, or else in sub', async () => {
    const { verify } = tokens();
    expect(await verify(await signed({ user_id: 'alice', sub: 'x', name: 'Alice' }))).toMatchObject(
      spokenFor({ kind: 'login', userId: 'alice', name: 'Alice' }),
    );
    expect(await verify(await signed({ sub: 'bob' }))).toMatchObject(spokenFor({ userId: 'bob' }));
    expect(await verify(await signed({ sub: 'bob', user_id: null, role: null }))).toMatchObject(
      spokenFor({ kind: 'login', userId: 'bob' }),
    );
  });
  it.each(['auth0|5f7c8ec7c33c6c004bbafe82', 'a+b@example.com', 'x~y=z', `${'~'.repeat(128)}`])(
    'may name its user as identity providers do: %s',
    async (id) => {
      expect(await tokens().verify(await signed({ sub: id }))).toMatchObject(spokenFor({ userId: id }));
    },
  );
  it('of the app’s own backend has the role server, and needs no user', async () => {
    expect(await tokens().verify(await signed({ role: 'server' }))).toMatchObject(spokenFor({ kind: 'server' }));
  });
  it.each([
    ['no user', {}, 'malformed'],
    ['a bad user id', { user_id: 'no spaces' }, 'malformed'],
    ['a role that is no text', { user_id: 'a', role: 7 }, 'malformed'],
    ['an exp that is no number', { user_id: 'a', exp: 'never' }, 'malformed'],
    ['an iat that is no number', { user_id: 'a', iat: 'now' }, 'malformed'],
    ['an expired one', { user_id: 'a', exp: now / 1000 - 31 }, 'expired'],
    ['one not yet valid', { user_id: 'a', nbf: now / 1000 + 31 }, 'not_yet_valid'],
    ['one from the future', { user_id: 'a', iat: now / 1000 + 31 }, 'not_yet_valid'],
    ['another audience', { user_id: 'a', aud: 'carillon:wake' }, 'wrong_audience'],
  ])('is refused with %s', async (_, claims, reason) => {
    expect(await tokens().verify(await signed(claims))).toMatchObject(refusedWith(reason));
  });
  it('has thirty seconds of leeway', async () => {
    const { verify } = tokens();
    for (const claims of [{ exp: now / 1000 - 29 }, { nbf: now / 1000 + 29 }, { iat: now / 1000 + 29 }]) {
      expect(await verify(await signed({ user_id: 'a', ...claims }))).toMatchObject(spokenFor({ userId: 'a' }));
    }
  });
  it('is refused without exp, with another key, with an unknown kid, with no algorithm, or if it is not a JWT', async () => {
    const { verify } = tokens();
    const endless = await new SignJWT({ user_id: 'a' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(K1));
    expect(await verify(endless)).toMatchObject(refusedWith('malformed'));
    expect(await verify(await signed({ user_id: 'a' }, { key: K2 }))).toMatchObject(refusedWith('bad_signature'));
    expect(await verify(await signed({ user_id: 'a' }, { header: { kid: 'nope' } }))).toEqual(
      refusedWith('unknown_key'),
    );
    expect(await verify(await signed({ user_id: 'a' }, { header: { alg: 'HS512' } }))).toEqual(
      refusedWith('bad_signature'),
    );
    const none = [{ alg: 'none' }, { user_id: 'a', exp: now / 1000 + 60 }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    expect(await verify(`${none.join('.')}.`)).toMatchObject(refusedWith('bad_signature'));
    for (const rubbish of ['not-a-jwt', '', '..', 'e30.e30.e30']) {
      expect(await verify(rubbish), rubbish).toMatchObject(refusedWith('malformed'));
    }
  });
  it('says whose it was if it is refused, but only if a key of ours signed it', async () => {
    const { verify } = tokens();
    const expired = { user_id: 'alice', exp: now / 1000 - 60 };
    expect(await verify(await signed(expired))).toEqual({ ...refusedWith('expired'), userId: 'alice' });
    expect(await verify(await signed({ ...expired, user_id: 'no spaces' }))).toEqual(refusedWith('expired'));
    expect(await verify(await signed({ user_id: 'alice', aud: 'other' }))).toEqual({
      ...refusedWith('wrong_audience'),
      userId: 'alice',
    });
    expect(await verify(await signed(expired, { key: K2 }))).toEqual(refusedWith('bad_signature'));
    expect(await verify(await signed(expired, { header: { kid: 'nobodys' } }))).toEqual(refusedWith('unknown_key'));
  });
  it('that has expired under one of several keys is not said to be signed with another', async () => {
    const { verify } = tokens({ current: 'k2', k2: K2, k1: K1 });
    expect(await verify(await signed({ user_id: 'a', exp: now / 1000 - 60 }))).toMatchObject(refusedWith('expired'));
  });
});

describe('rotation', () => {
  it('accepts tokens of the old key and of the new one, and finds a new kid by itself', async () => {
    const { verify, rotate } = tokens();
    rotate({ current: 'k2', k1: K1, k2: K2 });
    for (const by of [{ key: K2, header: { kid: 'k2' } }, { header: { kid: 'k1' } }, { key: K2 }]) {
      expect(await verify(await signed({ user_id: 'a' }, by))).toMatchObject(spokenFor({ userId: 'a' }));
    }
  });
});

describe('tokens of one call', () => {
  it('name the call, the user and the handset, and are of another kind than a login', async () => {
    const { mint, verify } = tokens();
    const wake = await verify(
      await mint.wake(anIphone({ hardwareId: 'h' }), { cid: 'default:c1', ringId: 'r1' }, later(now, 60_000)),
    );
    expect(wake).toEqual(
      spokenFor({
        kind: 'wake',
        userId: 'bob',
        cid: 'default:c1',
        ringId: 'r1',
        hardwareId: 'h',
        tokenFingerprint: 'device:iphone-key',
        issuedAt: now,
      }),
    );
    const token = await mint.call(
      { cid: 'default:c1', userId: 'bob', tokenFingerprint: 'device:iphone-key', issuedAt: later(now, -60_000) },
      later(now, 60_000),
    );
    expect(await verify(token)).toEqual(
      spokenFor({
        kind: 'call',
        userId: 'bob',
        cid: 'default:c1',
        tokenFingerprint: 'device:iphone-key',
        issuedAt: later(now, -60_000),
      }),
    );
  });
  it('cannot be signed with the key of a login', async () => {
    const forged = await signed(
      { user_id: 'bob', call_cid: 'default:c1', token_fingerprint: 'x', aud: 'carillon:wake' },
      { header: { typ: 'wake+jwt', kid: 'k1' } },
    );
    expect(await tokens().verify(forged)).toMatchObject(refusedWith('bad_signature'));
  });
});
