import { decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import * as z from 'zod';
import { pushTokenFingerprint } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import type { Principal, TokenFault } from '#domain/identity.ts';
import { type Clock, type EpochMs, toEpochSeconds } from '#domain/time.ts';
import type { RefusedToken, TokenMint, TokenVerifier, VerifiedToken } from '#ports/tokens.ts';
import { callCid, displayName, hardwareId, imageUrl, operatorName, ringId, userId } from '#wire/fields.ts';
import { ISSUER_ALGORITHMS } from '#wire/settings/issuers.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { IssuerToken } from './issuer-tokens.ts';
import type { KeyRing, Purpose } from './key-ring.ts';
import { issuedAt, timelyPayload } from './timely.ts';

/** The `typ` and audience of each purpose. A login token may have no audience, because the app's own backend mints them, too. */
export const KINDS: Readonly<Record<Purpose, { typ: string; audience: string }>> = {
  login: { typ: 'JWT', audience: 'carillon' },
  wake: { typ: 'wake+jwt', audience: 'carillon:wake' },
  call: { typ: 'call+jwt', audience: 'carillon:call' },
  operator: { typ: 'operator+jwt', audience: 'carillon:operator' },
};

const loginClaims = z.object({
  user_id: userId.nullish(),
  sub: z.string().nullish(),
  name: displayName.optional().catch(undefined),
  image: imageUrl.optional().catch(undefined),
  role: z.string().nullish(),
});

const callClaims = z.object({
  user_id: userId,
  name: displayName.optional(),
  image: imageUrl.optional(),
  call_cid: callCid,
  ring_id: ringId.optional(),
  hardware_id: hardwareId.optional(),
  token_fingerprint: z.string(),
});

const operatorClaims = z.object({ name: operatorName });

/** The longest token that is looked at, in characters: API Gateway takes no longer header either. */
const MAX_TOKEN = 8192;

/** Verifies tokens: HS256 against the deployment's own key ring, what others sign by `fromIssuer`. @default nobody else signs */
export function tokenVerifier(
  ring: KeyRing,
  clock: Clock,
  fromIssuer: (token: IssuerToken) => Promise<VerifiedToken> = async () => refused('unknown_key'),
): TokenVerifier {
  const own = async (token: string, { typ, kid }: Header): Promise<VerifiedToken> => {
    const purpose = PURPOSES.get(typ.toLowerCase());
    if (!purpose) return refused('malformed');
    const keys = await ring.verifying(purpose, kid);
    const read = await timelyPayload(token, keys, { clock, algorithms: [ALGORITHM] });
    if (read.kind === 'refused') {
      return refused(read.reason, read.payload && principalBy[purpose](read.payload, token)?.userId);
    }
    const principal = principalBy[purpose](read.payload, token);
    if (!isForUs(read.payload, purpose)) return refused('wrong_audience', principal?.userId);
    return principal ? { kind: 'verified', principal } : refused('malformed');
  };
  return {
    async verify(token) {
      const header = token.length > MAX_TOKEN ? undefined : headerOf(token);
      if (!header) return refused('malformed');
      if (header.alg === ALGORITHM) return own(token, header);
      const algorithm = ISSUER_ALGORITHMS.find((one) => one === header.alg);
      return algorithm ? fromIssuer({ ...header, token, algorithm }) : refused('bad_signature');
    },
  };
}

const refused = (reason: TokenFault, userId?: string): RefusedToken => ({
  kind: 'refused',
  reason,
  ...defined({ userId }),
});

const ALGORITHM = 'HS256';

/** What a token says of itself. Keys and addresses of keys in it (`jwk`, `jku`, `x5u`) are nobody's word. */
const headers = z.object({ alg: z.string(), typ: z.string().default('JWT'), kid: z.string().exactOptional() });
type Header = z.output<typeof headers>;

/** The header of a token, if it is one. */
function headerOf(token: string): Header | undefined {
  try {
    return headers.safeParse(decodeProtectedHeader(token)).data;
  } catch {
    // This is not a JWT, so it has no header.
    return undefined;
  }
}

const PURPOSES: ReadonlyMap<string, Purpose> = new Map([
  ['jwt', 'login'],
  ['wake+jwt', 'wake'],
  ['call+jwt', 'call'],
  ['operator+jwt', 'operator'],
]);

const isForUs = ({ aud }: JWTPayload, purpose: Purpose): boolean =>
  aud === undefined ? purpose === 'login' : [aud].flat().includes(KINDS[purpose].audience);

function loginPrincipal(payload: JWTPayload, token: string): Principal | undefined {
  const claims = loginClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { user_id, sub, name, image, role } = claims.data;
  const user = userId.optional().safeParse(user_id ?? sub ?? undefined);
  if (!user.success) return undefined;
  const isServer = role === 'server';
  if (user.data === undefined && !isServer) return undefined;
  return {
    kind: isServer ? 'server' : 'login',
    tokenFingerprint: fingerprintOf(token),
    ...defined({ userId: user.data, name, image, issuedAt: issuedAt(payload) }),
  };
}

function operatorPrincipal(payload: JWTPayload, token: string): Principal | undefined {
  const claims = operatorClaims.safeParse(payload);
  if (!claims.success) return undefined;
  return { kind: 'operator', name: claims.data.name, tokenFingerprint: fingerprintOf(token) };
}

function callPrincipal(payload: JWTPayload, kind: 'wake' | 'call'): Principal | undefined {
  const claims = callClaims.safeParse(payload);
  if (!claims.success) return undefined;
  const { user_id, name, image, call_cid, ring_id, hardware_id, token_fingerprint } = claims.data;
  return {
    kind,
    userId: user_id,
    cid: call_cid,
    tokenFingerprint: token_fingerprint,
    ...defined({ name, image, ringId: ring_id, hardwareId: hardware_id, issuedAt: issuedAt(payload) }),
  };
}

/** What a good token of each purpose comes to, unless its claims are not those of one. */
const principalBy: Readonly<Record<Purpose, (payload: JWTPayload, token: string) => Principal | undefined>> = {
  login: loginPrincipal,
  operator: operatorPrincipal,
  wake: (payload) => callPrincipal(payload, 'wake'),
  call: (payload) => callPrincipal(payload, 'call'),
};

/** Mints tokens with the deployment's current key. */
export function tokenMint(ring: KeyRing, clock: Clock): TokenMint {
  const sign = async (
    purpose: Purpose,
    claims: JWTPayload,
    expiresAt: EpochMs,
    issuedAt: EpochMs = clock(),
  ): Promise<string> => {
    const { kid, key } = await ring.signing(purpose);
    const { typ, audience } = KINDS[purpose];
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ, kid })
      .setAudience(audience)
      .setIssuedAt(toEpochSeconds(issuedAt))
      .setExpirationTime(toEpochSeconds(expiresAt))
      .sign(key);
  };
  return {
    login: ({ userId: id, name, issuedAt }, expiresAt) =>
      sign('login', { user_id: id, ...defined({ name }) }, expiresAt, issuedAt),
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
    call: ({ userId: id, name, image, cid, hardwareId: hardware, tokenFingerprint, issuedAt }, expiresAt) =>
      sign(
        'call',
        { user_id: id, name, image, call_cid: cid, hardware_id: hardware, token_fingerprint: tokenFingerprint },
        expiresAt,
        issuedAt,
      ),
  };
}
