import { userInfo } from 'node:os';
import { SignJWT } from 'jose';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { KINDS } from '#adapters/jwt/tokens.ts';
import { type Clock, HOUR_MS, later, toEpochSeconds } from '#domain/time.ts';
import { operatorName } from '#wire/fields.ts';

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

/** The option by which an operator says who they are. @default their user name on this computer */
export const nameOption = operatorName.trim().default(() => ownName());

/** Whose program this is. Where the user has no name, as in some containers, they go by their number. */
export function ownName(user: () => { readonly username: string } = userInfo): string {
  try {
    return user().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
