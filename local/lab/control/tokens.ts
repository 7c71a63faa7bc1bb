import { hkdfSync, randomBytes } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { z } from 'zod';

/** A request for a token with any claims. */
export const tokenRequest = z.object({
  claims: z.record(z.string(), z.unknown()).default({}),
  expires_in_s: z.number().default(3600),
  bad_signature: z.boolean().default(false),
  /** An operator's token is signed with a key of its own, and has a type and an audience of its own. */
  kind: z.enum(['login', 'operator']).default('login'),
});

/** The value of the secret with the token keys. `current` names the key that signs. */
const keyRing = z.looseObject({ current: z.string() });

const KINDS = {
  login: { typ: 'JWT', aud: 'carillon', key: (secret: string) => new TextEncoder().encode(secret) },
  operator: {
    typ: 'operator+jwt',
    aud: 'carillon:operator',
    key: (secret: string) => new Uint8Array(hkdfSync('sha256', secret, '', 'carillon operator token', 32)),
  },
} as const;

/** Signs any claims with the current key of the stack, or with an unknown key. */
export async function signToken(secret: string, request: z.output<typeof tokenRequest>): Promise<string> {
  const ring = keyRing.parse(JSON.parse(secret));
  const kind = KINDS[request.kind];
  const key = request.bad_signature ? randomBytes(48) : kind.key(String(ring[ring.current]));
  const { typ = kind.typ, ...claims } = request.claims;
  const now = Math.floor(Date.now() / 1000);
  const payload: JWTPayload = { aud: kind.aud, iat: now, exp: now + request.expires_in_s, ...claims };
  return await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: String(typ), kid: ring.current }).sign(key);
}
