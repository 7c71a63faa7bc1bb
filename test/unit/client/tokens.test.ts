import { describe, expect, it } from 'vitest';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenVerifier } from '#adapters/jwt/tokens.ts';
import { mintToken } from '#client/server/index.ts';
import { Tokens } from '#client/tokens.ts';
import { epochMs } from '#domain/time.ts';

const RING = {
  current: 'k2',
  k1: 'k1-secret-that-is-long-enough-to-sign',
  k2: 'k2-secret-that-is-long-enough-to-sign',
};
const clock = () => epochMs(Date.now());
const { verify } = tokenVerifier(
  keyRing(async () => JSON.stringify(RING), clock),
  clock,
);

describe('mintToken()', () => {
  it('mints a login token that the server takes, by the current key', async () => {
    const token = mintToken({ keys: RING, userId: 'auth0|bob', name: 'Bob' });
    expect(await verify(token)).toMatchObject({
      kind: 'verified',
      principal: { kind: 'login', userId: 'auth0|bob', name: 'Bob' },
    });
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ kid: 'k2' });
  });

  it('takes the secret as it is stored, and says how long the token is good', async () => {
    const token = mintToken({ keys: JSON.stringify(RING), userId: 'bob', expiresInS: 60 });
    const { verify: verifyIn } = tokenVerifier(
      keyRing(async () => JSON.stringify(RING), clock),
      () => epochMs(Date.now() + 91_000),
    );
    expect(await verify(token)).toMatchObject({ kind: 'verified' });
    expect(await verifyIn(token)).toEqual({ kind: 'refused', reason: 'expired', userId: 'bob' });
  });

  it('mints a server token, which needs no user, and acts for the one that it names', async () => {
    const [anybody, bob] = [
      { keys: RING, server: true },
      { keys: RING, server: true, userId: 'bob' },
    ];
    expect(await verify(mintToken(anybody))).toMatchObject({ principal: { kind: 'server' } });
    expect(await verify(mintToken(bob))).toMatchObject({ principal: { kind: 'server', userId: 'bob' } });
  });

  it.each([
    [{ keys: RING, userId: '' }, 'options.userId must be'],
    [{ keys: RING }, 'options.userId must be'],
    [{ keys: RING, userId: 'a b' }, 'options.userId must be'],
    [{ keys: RING, userId: 'bob', expiresInS: 0 }, 'options.expiresInS must be a number of seconds above 0'],
    [{ keys: RING, userId: 'bob', expiresInS: -60 }, 'options.expiresInS must be'],
    [{ keys: { ...RING, k2: 'x'.repeat(15) }, userId: 'bob' }, 'options.keys.k2 must be a string of at least 16'],
    [{ keys: { current: 'k9' }, userId: 'bob' }, 'options.keys has no key'],
    [{ keys: 'not json', userId: 'bob' }, 'options.keys is not JSON'],
  ])('says what is wrong with its input: %o', (bad, message) => {
    expect(() => mintToken(bad)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(() => mintToken(bad)).toThrow(message);
  });
});

describe('the token of a client', () => {
  const NOW = Date.parse('2026-11-20T12:00:00.000Z');
  const jwt = (exp: number): string => `x.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;
  const soon = jwt(NOW / 1000 + 20);
  const later = jwt(NOW / 1000 + 3600);

  it('is asked for once by many, kept, and asked for again before it expires', async () => {
    const all = [soon, later, later];
    let asked = 0;
    const tokens = new Tokens(
      async () => all[asked++] ?? '',
      () => NOW,
    );
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual([soon, soon]);
    expect(asked).toBe(1);
    expect(await tokens.get()).toBe(later);
    expect(await tokens.get()).toBe(later);
    expect(asked).toBe(2);
  });

  it('is asked for again when it was refused', async () => {
    let asked = 0;
    const tokens = new Tokens(
      () => `${later}${asked++}`,
      () => NOW,
    );
    const first = await tokens.get();
    tokens.refuse(first);
    expect(await tokens.get()).not.toBe(first);
  });

  it('is what the app says, however it is made', async () => {
    expect(await new Tokens('opaque', () => NOW).get()).toBe('opaque');
    expect(
      await new Tokens(
        () => 'opaque',
        () => NOW,
      ).get(),
    ).toBe('opaque');
    expect(
      await new Tokens(
        () => ' opaque\n',
        () => NOW,
      ).get(),
    ).toBe('opaque');
  });

  it('fails as the app’s own function fails', async () => {
    const cause = new Error('no network');
    const failing = new Tokens(
      () => Promise.reject(cause),
      () => NOW,
    );
    await expect(failing.get()).rejects.toMatchObject({ code: 'token_failed', cause });
    for (const none of ['', '\n']) {
      const empty = new Tokens(
        () => none,
        () => NOW,
      );
      await expect(empty.get()).rejects.toMatchObject({ code: 'token_failed' });
    }
  });
});
