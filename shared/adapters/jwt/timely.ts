import { type CryptoKey, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { TokenFault } from '#domain/identity.ts';
import { type Clock, type EpochMs, epochMs, SECOND_MS, toEpochSeconds } from '#domain/time.ts';

const CLOCK_LEEWAY_S = 30;

/**
 * What a token claims, if one of the keys signed it and the time is right; or what is wrong with it. Without any key,
 * that is the key.
 */
export async function timelyPayload(
  token: string,
  keys: readonly (Uint8Array | CryptoKey)[],
  { clock, ...options }: JWTVerifyOptions & { readonly clock: Clock },
): Promise<JWTPayload | TokenFault> {
  let fault: TokenFault = 'unknown_key';
  for (const key of keys) {
    try {
      const now = clock();
      const { payload } = await jwtVerify(token, key, {
        ...options,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_LEEWAY_S,
        currentDate: new Date(now),
      });
      if (!isMoment(payload.exp) || !isMoment(payload.iat ?? 0)) return 'malformed';
      return (payload.iat ?? 0) <= toEpochSeconds(now) + CLOCK_LEEWAY_S ? payload : 'not_yet_valid';
    } catch (error) {
      fault = faultOf(error);
      // Another key may have signed it. What else is wrong does not depend on the key.
      if (fault !== 'bad_signature') return fault;
    }
  }
  return fault;
}

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
