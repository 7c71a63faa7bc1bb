import { decodeJwt, type JWTPayload } from 'jose';
import { defined } from '#domain/defined.ts';
import type { TokenFault } from '#domain/identity.ts';
import type { VerifiedToken } from '#ports/tokens.ts';
import { displayName, imageUrl, userId } from '#wire/fields.ts';
import type { Issuer, IssuerAlgorithm } from '#wire/settings/issuers.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type IssuerKeysDeps, issuerKeys } from './issuer-keys.ts';
import { issuedAt, timelyPayload } from './timely.ts';

/** A token whose header has been read. */
export interface IssuerToken {
  readonly token: string;
  readonly algorithm: IssuerAlgorithm;
  readonly typ: string;
  readonly kid?: string;
}

/** What access and ID tokens of identity providers have as `typ`; many have none, which counts as the first. */
const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** Tells who a token of an identity provider speaks for, or what is wrong with it. */
export function issuerTokens(
  issuers: readonly Issuer[],
  deps: IssuerKeysDeps,
): (token: IssuerToken) => Promise<VerifiedToken> {
  const known = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: issuerKeys(issuer, deps) }]));
  return async ({ token, algorithm, typ, kid }) => {
    if (!TYPES.has(typ.toLowerCase())) return refused('malformed');
    const claimed = issuerIn(token);
    if (claimed === undefined) return refused('malformed');
    // The issuer chooses the keys, so that a key of one never verifies a token of another.
    const found = known.get(claimed);
    if (!found) return refused('unknown_key');
    if (!found.issuer.algorithms.includes(algorithm)) return refused('bad_signature');
    const keys = await found.keys.find(algorithm, kid);
    const read = await timelyPayload(token, keys, { clock: deps.clock, algorithms: [algorithm] });
    if (read.kind === 'timely' && isFor(read.payload, found.issuer))
      return verifiedOf(read.payload, found.issuer, token);
    const reason = read.kind === 'refused' ? read.reason : 'wrong_audience';
    return { ...refused(reason), ...(read.payload && userIn(read.payload, found.issuer)) };
  };
}

/** Whom a token claims to be from. It is not verified yet. */
function issuerIn(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return iss ?? '';
  } catch {
    // It has no readable claims.
    return undefined;
  }
}

/** Whether a token is for us. An access token of Cognito has no audience, but a `client_id`. */
const isFor = ({ aud, client_id }: JWTPayload, { audience }: Issuer): boolean =>
  [aud ?? client_id].flat().some((one) => typeof one === 'string' && audience.includes(one));

const refused = (reason: TokenFault): VerifiedToken => ({ kind: 'refused', reason });

const userIn = (payload: JWTPayload, { user_claim }: Issuer): { readonly userId?: string } =>
  defined({ userId: userId.safeParse(claimOf(payload, user_claim)).data });

function verifiedOf(payload: JWTPayload, issuer: Issuer, token: string): VerifiedToken {
  const { userId: user } = userIn(payload, issuer);
  const isServer = issuer.server !== undefined && holds(payload, issuer.server);
  if (user === undefined && !isServer) return refused('malformed');
  const name = displayName.safeParse(claimOf(payload, issuer.name_claim));
  const image = imageUrl.safeParse(claimOf(payload, issuer.image_claim));
  return {
    kind: 'verified',
    principal: {
      kind: isServer ? 'server' : 'login',
      issuer: issuer.issuer,
      tokenFingerprint: fingerprintOf(token),
      ...defined({ userId: user, name: name.data, image: image.data, issuedAt: issuedAt(payload) }),
    },
  };
}

const claimOf = (payload: JWTPayload, claim: string): unknown =>
  Object.hasOwn(payload, claim) ? payload[claim] : undefined;

/** Whether a claim is a value or a list with it. `scope` is a list in one text (RFC 8693). */
function holds(payload: JWTPayload, { claim, value }: NonNullable<Issuer['server']>): boolean {
  const claimed = claimOf(payload, claim);
  const values = claim === 'scope' && typeof claimed === 'string' ? claimed.split(' ') : [claimed].flat();
  return values.includes(value);
}
