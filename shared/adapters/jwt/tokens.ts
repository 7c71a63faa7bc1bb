import { createHash } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { pushTokenFingerprint } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import type { Principal } from '#domain/identity.ts';
import { type Clock, type EpochMs, toEpochSeconds } from '#domain/time.ts';
import type { TokenMint, TokenVerifier } from '#ports/tokens.ts';
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
  user_id: userId.optional(),
  sub: z.string().optional(),
  name: displayName.optional().catch(undefined),
  role: z.string().optional(),
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
    const purpose = purposeOf(token);
    if (!purpose) return undefined;
    const payload = await verified(token, purpose, { ring, clock });
    return payload && (purpose === 'login' ? loginPrincipal(payload, token) : callPrincipal(payload, purpose));
  },
});

function purposeOf(token: string): Purpose | undefined {
  try {
    const { typ = 'JWT' } = decodeProtectedHeader(token);
    if (typ.toLowerCase() === 'jwt') return 'login';
    if (typ === KINDS.wake.typ) return 'wake';
    return typ === KINDS.call.typ ? 'call' : undefined;
  } catch {
    // This is not a JWT, so it speaks for nobody.
    return undefined;
  }
}

async function verified(
  token: string,
  purpose: Purpose,
  { ring, clock }: { readonly ring: KeyRing; readonly clock: Clock },
): Promise<JWTPayload | undefined> {
  const { kid } = decodeProtectedHeader(token);
  for (const key of await ring.verifying(purpose, kid)) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_LEEWAY_S,
        currentDate: new Date(clock()),
      });
      return isTimely(payload, clock()) && isForUs(payload, purpose) ? payload : undefined;
    } catch (error) {
      // Another key may have signed it. A token that jose refuses with every key speaks for nobody.
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return undefined;
}

const isTimely = ({ iat }: JWTPayload, now: EpochMs): boolean =>
  iat === undefined || iat <= toEpochSeconds(now) + CLOCK_LEEWAY_S;

const isForUs = ({ aud }: JWTPayload, purpose: Purpose): boolean =>
  aud === undefined ? purpose === 'login' : [aud].flat().includes(KINDS[purpose].audience);

function loginPrincipal(payload: JWTPayload, token: string): Principal | undefined {
  const claims = loginClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { user_id, sub, name, role } = claims.data;
  const user = userId.optional().safeParse(user_id ?? sub);
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
