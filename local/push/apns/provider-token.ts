import type { ApnsAccount } from '../credentials.ts';
import { readJsonWebToken } from '../json-web-token.ts';
import type { Refusal } from './reasons.ts';

/** @see https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns */
const MAX_AGE_MS = 3_600_000;
const MIN_USE_MS = 20 * 60_000;

interface TokenInUse {
  readonly text: string;
  readonly since: number;
  readonly expiresAt: number;
}

/** Checks the provider tokens of one connection, which must not change them too often. */
export interface TokenCheck {
  refusal(authorization: string | undefined, now: number): Refusal | undefined;
  /** Accepts the next token at any time, since the sender was told that its token has expired. */
  forget(): void;
}

/** Starts with a connection that has presented no token yet. */
export function openTokenCheck(account: ApnsAccount): TokenCheck {
  let inUse: TokenInUse | undefined;
  return {
    refusal(authorization, now) {
      const presented = readToken(authorization, account);
      if ('reason' in presented) return presented;
      const { text, issuedAt } = presented;
      const refusal = ageRefusal(issuedAt, now);
      if (refusal || text === inUse?.text) return refusal;
      if (inUse && isTooNew(inUse, now)) {
        return { reason: 'TooManyProviderTokenUpdates', detail: `a new token after ${now - inUse.since} ms` };
      }
      inUse = { text, since: now, expiresAt: issuedAt + MAX_AGE_MS };
      return undefined;
    },
    forget() {
      inUse = undefined;
    },
  };
}

// An expired token has to be replaced, even if it was used here only for a short time.
const isTooNew = (inUse: TokenInUse, now: number): boolean => now < inUse.since + MIN_USE_MS && now < inUse.expiresAt;

function readToken(
  authorization: string | undefined,
  account: ApnsAccount,
): Refusal | { text: string; issuedAt: number } {
  const text = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (text === undefined) return { reason: 'MissingProviderToken', detail: 'no bearer token' };
  const issuedAt = verifiedIssueTime(text, account);
  if (issuedAt === undefined) return { reason: 'InvalidProviderToken', detail: 'signature, alg, kid, iss or iat' };
  return { text, issuedAt };
}

function verifiedIssueTime(text: string, account: ApnsAccount): number | undefined {
  const token = readJsonWebToken(text);
  if (!token?.isSignedBy(account.publicKey, 'ES256')) return undefined;
  const { iss, iat } = token.claims;
  const issued = token.header['kid'] === account.keyId && iss === account.teamId;
  return issued && typeof iat === 'number' ? iat * 1000 : undefined;
}

function ageRefusal(issuedAt: number, now: number): Refusal | undefined {
  if (now - issuedAt > MAX_AGE_MS) return { reason: 'ExpiredProviderToken', detail: 'iat is more than an hour ago' };
  if (issuedAt - now > MAX_AGE_MS) return { reason: 'InvalidProviderToken', detail: 'iat is more than an hour ahead' };
  return undefined;
}
