import type { KeyObject } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { TokenFault } from '#domain/identity.ts';
import { type Clock, type EpochMs, epochMs, SECOND_MS, toEpochSeconds } from '#domain/time.ts';

const CLOCK_LEEWAY_S = 30;

/** What a token claims, or what is wrong with it; what it claims all the same, if a key of ours signed it. */
export type Timely =
  | { readonly kind: 'timely'; readonly payload: JWTPayload }
  | { readonly kind: 'refused'; readonly reason: TokenFault; readonly payload?: JWTPayload };

/**
 * What a token claims, if one of the keys signed it and the time is right; or what is wrong with it. Without any key,
 * that is the key.
 */
export async function timelyPayload(
  token: string,
  keys: readonly (Uint8Array | KeyObject)[],
  { clock, ...options }: JWTVerifyOptions & { readonly clock: Clock },
): Promise<Timely> {
  let reason: TokenFault = 'unknown_key';
  for (const key of keys) {
    try {
      const now = clock();
      const { payload } = await jwtVerify(token, key, {
        ...options,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_LEEWAY_S,
        currentDate: new Date(now),
      });
      if (!isMoment(payload.exp) || !isMoment(payload.iat ?? 0)) return { kind: 'refused', reason: 'malformed' };
      const isDue = (payload.iat ?? 0) <= toEpochSeconds(now) + CLOCK_LEEWAY_S;
      return isDue ? { kind: 'timely', payload } : { kind: 'refused', reason: 'not_yet_valid', payload };
    } catch (error) {
      reason = faultOf(error);
      // Another key may have signed it. What else is wrong does not depend on the key.
      if (reason !== 'bad_signature') return { kind: 'refused', reason, ...claimsIn(error) };
    }
  }
  return { kind: 'refused', reason };
}

/** The claims of a token whose signature is good and whose time is not. */
const claimsIn = (error: unknown): { readonly payload?: JWTPayload } =>
  error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed
    ? { payload: error.payload }
    : {};

/** JSON has numbers that are no moment: 1e999 is Infinity. */
const isMoment = (claim: number | undefined): boolean => Number.isFinite(claim);

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf' && error.reason === 'check_failed')
    return 'not_yet_valid';
  if (error instanceof errors.JOSEError) return 'malformed';
  throw error;
}

/** When a token was issued, if it says so. */
export const issuedAt = ({ iat }: JWTPayload): EpochMs | undefined =>
  iat === undefined ? undefined : epochMs(iat * SECOND_MS);
