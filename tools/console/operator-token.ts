import { SignJWT } from 'jose';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { KINDS } from '#adapters/jwt/tokens.ts';
import { type Clock, HOUR_MS, later, toEpochSeconds } from '#domain/time.ts';

/** How long an operator token is good. */
const LIFE_MS = 8 * HOUR_MS;

/** A token for the operator `name`, signed with the key ring in the secret `token-keys` that `read` returns. */
export async function operatorToken(read: () => Promise<string>, name: string, clock: Clock): Promise<string> {
  const { kid, key } = await keyRing(read, clock).signing('operator');
  const { typ, audience } = KINDS.operator;
  return new SignJWT({ name })
    .setProtectedHeader({ alg: 'HS256', typ, kid })
    .setAudience(audience)
    .setIssuedAt(toEpochSeconds(clock()))
    .setExpirationTime(toEpochSeconds(later(clock(), LIFE_MS)))
    .sign(key);
}
