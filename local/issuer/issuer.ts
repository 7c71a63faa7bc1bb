import { setTimeout as wait } from 'node:timers/promises';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { z } from 'zod';

/** The algorithms that it signs with; it has a key for each. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const tokenRequest = z.object({
  claims: z.record(z.string(), z.unknown()).default({}),
  expires_in_s: z.number().default(3600),
  alg: z.enum(ALGORITHMS).default('RS256'),
  /** What the header says. If it is the id of one of its keys, of now or of earlier, that key signs. */
  kid: z.string().optional(),
});

const faultRequest = z
  .object({
    status: z.number().int().min(400).max(599).optional(),
    delay_ms: z.number().int().min(0).max(60_000).optional(),
    count: z.number().int().min(0),
  })
  .refine(({ status, delay_ms }) => (status === undefined) !== (delay_ms === undefined), {
    path: ['status'],
    message: 'give either a status or a delay_ms',
  });

type Fault = z.output<typeof faultRequest>;

interface SigningKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly key: CryptoKey;
  readonly jwk: JWK;
}

/** A request that is answered with an error status. */
export class FaultyAnswer extends Error {
  readonly status: number;

  constructor(status: number) {
    super('the issuer has a fault');
    this.status = status;
  }
}

/** An OpenID provider of this machine alone. It signs whatever it is asked to. */
export interface LocalIssuer {
  /** Its name, which is also its address. */
  readonly url: string;
  /** What OpenID discovery says. */
  discovery(): object;
  /** Its public keys. Rejects if a fault says so. */
  jwks(): Promise<object>;
  /** A token with any claims; throws if the request is not valid. */
  sign(request: unknown): Promise<string>;
  /** Gives it new keys; the old ones are published no longer. */
  rotate(): Promise<string[]>;
  /** Makes the next requests for its keys fail or wait. */
  fault(request: unknown): void;
}

/** The provider at `url`. It makes its keys when they are first needed. */
export function localIssuer(url: string): LocalIssuer {
  const all: Promise<SigningKey[]>[] = [];
  let fault: Fault = { count: 0 };
  const current = (): Promise<SigningKey[]> => all.at(-1) ?? renew();
  const renew = (): Promise<SigningKey[]> => {
    const keys = makeKeys(all.length + 1);
    all.push(keys);
    return keys;
  };
  return {
    url,
    discovery: () => ({
      issuer: url,
      jwks_uri: `${url}/jwks`,
      id_token_signing_alg_values_supported: ALGORITHMS,
      subject_types_supported: ['public'],
      response_types_supported: ['id_token'],
    }),
    async jwks() {
      if (fault.count > 0) {
        const { status, delay_ms = 0, count } = fault;
        fault = { ...fault, count: count - 1 };
        if (status !== undefined) throw new FaultyAnswer(status);
        await wait(delay_ms);
      }
      return { keys: (await current()).map(({ jwk }) => jwk) };
    },
    async sign(request) {
      const { claims, expires_in_s, alg, kid } = tokenRequest.parse(request ?? {});
      const own = (await Promise.all([...all, current()])).flat();
      const named = own.find((key) => key.kid === kid);
      const key = named ?? (await current()).find((one) => one.alg === alg);
      if (!key) throw new Error(`there is no key for ${alg}`);
      const now = Math.floor(Date.now() / 1000);
      // An access token of Cognito has a client_id in the place of an audience.
      const audience = 'client_id' in claims ? {} : { aud: 'carillon' };
      const payload: JWTPayload = { iss: url, ...audience, iat: now, exp: now + expires_in_s, ...claims };
      return new SignJWT(withoutNull(payload))
        .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: kid ?? key.kid })
        .sign(key.key);
    },
    async rotate() {
      return (await renew()).map(({ kid }) => kid);
    },
    fault(request) {
      fault = faultRequest.parse(request);
    },
  };
}

/** A claim that is null is left out, so that a request can leave out a default. */
const withoutNull = (claims: JWTPayload): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));

const makeKeys = (generation: number): Promise<SigningKey[]> =>
  Promise.all(
    ALGORITHMS.map(async (alg) => {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      const kid = `${alg.toLowerCase()}-${generation}`;
      return { kid, alg, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
    }),
  );
