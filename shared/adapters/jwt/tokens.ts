import { createHash } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { pushTokenFingerprint } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import type { Principal, TokenFault } from '#domain/identity.ts';
import { type Clock, type EpochMs, toEpochSeconds } from '#domain/time.ts';
import type { TokenMint, TokenVerifier, VerifiedToken } from '#ports/tokens.ts';
import { callCid, displayName, hardwareId, ringId, userId } from '#wire/fields.ts';
import type { KeyRing, Purpose } from './key-ring.ts';

/** The `typ` and audience of each purpose. A login token may have no audience, because the app's own backend mints them, too. */
const KINDS: Readonly<Record<Purpose, { typ: string; audience: string }>> = {
  login: { typ: 'JWT', audience: 'carillon' },
  wake: { typ: 'wake+jwt', audience: 'carillon:wake' },
  call: { typ: 'call+jwt', audience: 'carillon:call' },
};

const CLOCK_LEEWAY_S = 30;

const loginClaims = z.object({
  user_id: userId.nullish(),
  sub: z.string().nullish(),
  name: displayName.optional().catch(undefined),
  role: z.string().nullish(),
});

const callClaims = z.object({
  user_id: userId,
  name: displayName.optional(),
  call_cid: callCid,
  ring_id: ringId.optional(),
  hardware_id: hardwareId.optional(),
  token_fingerprint: z.string(),
});

/** Verifies tokens against the deployment's own key ring. */
export const tokenVerifier = (ring: KeyRing, clock: Clock): TokenVerifier => ({
  async verify(token) {
    const header = headerOf(token);
    if (typeof header === 'string') return refused(header);
    const { purpose, kid } = header;
    const payload = await payloadOf(token, await ring.verifying(purpose, kid), clock);
    if (typeof payload === 'string') return refused(payload);
    if (!isForUs(payload, purpose)) return refused('wrong_audience');
    const principal = purpose === 'login' ? loginPrincipal(payload, token) : callPrincipal(payload, purpose);
    return principal ? { kind: 'verified', principal } : refused('malformed');
  },
});

const refused = (reason: TokenFault): VerifiedToken => ({ kind: 'refused', reason });

const ALGORITHM = 'HS256';

const headers = z.object({ alg: z.string(), typ: z.string().default('JWT'), kid: z.string().optional() });

/** What a token says that it is, and which key signed it; or what is wrong with it. */
function headerOf(token: string): { purpose: Purpose; kid: string | undefined } | TokenFault {
  const header = headers.safeParse(decodedHeader(token));
  if (!header.success) return 'malformed';
  const { alg, typ, kid } = header.data;
  if (alg !== ALGORITHM) return 'bad_signature';
  const purpose = PURPOSES.get(typ.toLowerCase());
  return purpose ? { purpose, kid } : 'malformed';
}

const PURPOSES: ReadonlyMap<string, Purpose> = new Map([
  ['jwt', 'login'],
  ['wake+jwt', 'wake'],
  ['call+jwt', 'call'],
]);

function decodedHeader(token: string): unknown {
  try {
    return decodeProtectedHeader(token);
  } catch {
    // This is not a JWT, so it has no header.
    return undefined;
  }
}

/** What a token claims, if one of the keys signed it and the time is right; or what is wrong with it. */
async function payloadOf(token: string, keys: readonly Uint8Array[], clock: Clock): Promise<JWTPayload | TokenFault> {
  let fault: TokenFault = 'unknown_key';
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_LEEWAY_S,
        currentDate: new Date(clock()),
      });
      return isTimely(payload, clock()) ? payload : 'not_yet_valid';
    } catch (error) {
      fault = faultOf(error);
      // Another key may have signed it. What else is wrong does not depend on the key.
      if (fault !== 'bad_signature') return fault;
    }
  }
  return fault;
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf' && error.reason === 'check_failed')
    return 'not_yet_valid';
  if (error instanceof errors.JOSEError) return 'malformed';
  throw error;
}

const isTimely = ({ iat }: JWTPayload, now: EpochMs): boolean =>
  iat === undefined || iat <= toEpochSeconds(now) + CLOCK_LEEWAY_S;

const isForUs = ({ aud }: JWTPayload, purpose: Purpose): boolean =>
  aud === undefined ? purpose === 'login' : [aud].flat().includes(KINDS[purpose].audience);

function loginPrincipal(payload: JWTPayload, token: string): Principal | undefined {
  const claims = loginClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { user_id, sub, name, role } = claims.data;
  const user = userId.optional().safeParse(user_id ?? sub ?? undefined);
  if (!user.success) return undefined;
  const isServer = role === 'server';
  if (user.data === undefined && !isServer) return undefined;
  return {
    kind: isServer ? 'server' : 'login',
    tokenFingerprint: createHash('sha256').update(token).digest('base64url').slice(0, 22),
    ...defined({ userId: user.data, name }),
  };
}

function callPrincipal(payload: JWTPayload, kind: 'wake' | 'call'): Principal | undefined {
  const claims = callClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { user_id, name, call_cid, ring_id, hardware_id, token_fingerprint } = claims.data;
  return {
    kind,
    userId: user_id,
    cid: call_cid,
    tokenFingerprint: token_fingerprint,
    ...defined({ name, ringId: ring_id, hardwareId: hardware_id }),
  };
}

/** Mints tokens with the deployment's current key. */
export function tokenMint(ring: KeyRing, clock: Clock): TokenMint {
  const sign = async (purpose: Purpose, claims: JWTPayload, expiresAt: EpochMs): Promise<string> => {
    const { kid, key } = await ring.signing(purpose);
    const { typ, audience } = KINDS[purpose];
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ, kid })
      .setAudience(audience)
      .setIssuedAt(toEpochSeconds(clock()))
      .setExpirationTime(toEpochSeconds(expiresAt))
      .sign(key);
  };
  return {
    login: ({ userId: id, name }, expiresAt) => sign('login', { user_id: id, ...defined({ name }) }, expiresAt),
    wake: (pushToken, ring, expiresAt) =>
      sign(
        'wake',
        {
          user_id: pushToken.userId,
          call_cid: ring.cid,
          ring_id: ring.ringId,
          hardware_id: pushToken.hardwareId,
          token_fingerprint: pushTokenFingerprint(pushToken.key),
        },
        expiresAt,
      ),
    call: ({ userId: id, name, cid, hardwareId: hardware, tokenFingerprint }, expiresAt) =>
      sign(
        'call',
        { user_id: id, name, call_cid: cid, hardware_id: hardware, token_fingerprint: tokenFingerprint },
        expiresAt,
      ),
  };
}
