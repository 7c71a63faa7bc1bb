import { hkdfSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenVerifier } from '#adapters/jwt/tokens.ts';
import { epochMs } from '#domain/time.ts';

const SECRET = 'k1-secret-that-is-long-enough-to-sign';
const clock = () => epochMs(Date.now());
const { verify } = tokenVerifier(
  keyRing(async () => JSON.stringify({ current: 'k1', k1: SECRET }), clock),
  clock,
);

const derived = (purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', SECRET, '', `carillon ${purpose} token`, 32));
const CLAIMS = { user_id: 'bob', call_cid: 'default:c1', token_fingerprint: 'device:x' };

/** Each kind of token, as docs/tokens.md describes it. */
const KINDS = {
  login: { typ: 'JWT', aud: 'carillon', key: new TextEncoder().encode(SECRET) },
  wake: { typ: 'wake+jwt', aud: 'carillon:wake', key: derived('wake') },
  call: { typ: 'call+jwt', aud: 'carillon:call', key: derived('call') },
  operator: { typ: 'operator+jwt', aud: 'carillon:operator', key: derived('operator') },
};
const kinds = ['login', 'wake', 'call', 'operator'] as const;

/** A token with the `typ` of one kind, the audience of another and the key of a third. */
const mixed = (typ: keyof typeof KINDS, aud: keyof typeof KINDS, key: keyof typeof KINDS) =>
  new SignJWT({ ...CLAIMS, name: 'Bob' })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: KINDS[typ].typ })
    .setAudience(KINDS[aud].aud)
    .setExpirationTime('1h')
    .sign(KINDS[key].key);

const every = kinds.flatMap((typ) => kinds.flatMap((aud) => kinds.map((key) => ({ typ, aud, key }))));

describe('a token is of a kind only if its type, its audience and its key agree', () => {
  it.each(every)('type of $typ, audience of $aud, key of $key', async ({ typ, aud, key }) => {
    const reason = typ === key ? 'wrong_audience' : 'bad_signature';
    expect(await verify(await mixed(typ, aud, key))).toMatchObject(
      typ === aud && aud === key ? { kind: 'verified', principal: { kind: typ } } : { kind: 'refused', reason },
    );
  });
  it.each(['wake', 'call'] as const)(
    'a %s token is refused without its audience, call, user, fingerprint or expiry',
    async (kind) => {
      const { typ, aud, key } = KINDS[kind];
      const claims = { ...CLAIMS, aud, exp: Math.floor(clock() / 1000) + 60 };
      const signed = (left: object) =>
        new SignJWT({ ...left }).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ }).sign(key);
      expect(await verify(await signed(claims))).toMatchObject({
        principal: { kind, userId: 'bob', cid: 'default:c1' },
      });
      for (const name of Object.keys(claims)) {
        expect(
          await verify(await signed(Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name)))),
        ).toMatchObject({ kind: 'refused', reason: name === 'aud' ? 'wrong_audience' : 'malformed' });
      }
      expect(await verify(await signed({ ...claims, role: 'server' }))).toMatchObject({ principal: { kind } });
    },
  );
});
