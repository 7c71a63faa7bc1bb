import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Outgoing } from '#ports/outgoing.ts';
import type { Issuer, IssuerAlgorithm } from '#wire/settings/issuers.ts';

/** The public keys of one issuer. */
export interface IssuerKeys {
  /** The keys that may have signed a token with this algorithm and `kid`. Without a `kid`, all of the algorithm. */
  find(algorithm: IssuerAlgorithm, kid: string | undefined): Promise<readonly KeyObject[]>;
}

export interface IssuerKeysDeps {
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  /** Hears why the keys of an issuer could not be read. */
  readonly onFault: (issuer: string, error: unknown) => void;
}

/** How long keys are used before they are read again. */
const MAX_AGE_MS = 10 * MINUTE_MS;
/** How often an issuer is asked again, while keys of it are known, and while none is. */
const AGAIN_MS = 30 * SECOND_MS;
const AGAIN_WITHOUT_KEYS_MS = 5 * SECOND_MS;

/** How long an issuer may take to answer, and how long its answer may be. */
const TIMEOUT_MS = SECOND_MS;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 100;

interface Key {
  readonly kid?: string;
  readonly algorithm: IssuerAlgorithm;
  readonly key: KeyObject;
}

/**
 * The keys of an issuer, from where it publishes them. They are read again when they are old or when a token names one
 * that is not among them, and one reading serves everybody who waits for it. If the issuer does not answer, those that
 * are known stay in use.
 */
export function issuerKeys(issuer: Issuer, { outgoing, clock, onFault }: IssuerKeysDeps): IssuerKeys {
  let known: { readonly keys: readonly Key[]; readonly asOf: EpochMs } | undefined;
  let triedAt: EpochMs | undefined;
  let reading: Promise<void> | undefined;
  let discovered: string | undefined;

  const read = async (): Promise<void> => {
    const asOf = clock();
    triedAt = asOf;
    try {
      discovered ??= issuer.jwks_uri ?? (await discover(outgoing, issuer.issuer));
      known = { keys: keysIn(await jsonAt(outgoing, discovered)), asOf };
    } catch (error) {
      // It may have moved: the next reading asks where the keys are.
      discovered = undefined;
      onFault(issuer.issuer, error);
    }
  };

  const refresh = async (): Promise<void> => {
    const wait = known ? AGAIN_MS : AGAIN_WITHOUT_KEYS_MS;
    if (!reading && triedAt !== undefined && clock() - triedAt < wait) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };

  return {
    async find(algorithm, kid) {
      const fitting = (): KeyObject[] =>
        (known?.keys ?? [])
          .filter((one) => one.algorithm === algorithm && (kid === undefined || one.kid === kid))
          .map(({ key }) => key);
      if (!known || clock() - known.asOf >= MAX_AGE_MS) await refresh();
      if (fitting().length === 0) await refresh();
      return fitting();
    },
  };
}

const discovery = /* @__PURE__ */ once(() => z.object({ issuer: z.string(), jwks_uri: z.url() }));

/** Where an issuer publishes its keys, by OpenID Connect Discovery. */
async function discover(outgoing: Outgoing, issuer: string): Promise<string> {
  const found = discovery().parse(
    await jsonAt(outgoing, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
  );
  if (found.issuer !== issuer) throw new Error('the discovery document is that of another issuer');
  return found.jwks_uri;
}

async function jsonAt(outgoing: Outgoing, url: string): Promise<unknown> {
  const { status, body } = await outgoing.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    plainOnPrivate: true,
  });
  if (status !== 200) throw new Error(`an identity provider answered ${status}`);
  return JSON.parse(body);
}

const keySet = /* @__PURE__ */ once(() => z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) }));

const common = /* @__PURE__ */ once(() => ({ kid: z.string().exactOptional(), use: z.literal('sig').exactOptional() }));

/** Bits: shorter keys of RSA are not safe, and no library verifies with them. */
const MIN_MODULUS = 2048;

/** The public part of a key, for each algorithm; anything else that a key set holds is not for us. */
const publicKey = /* @__PURE__ */ once(() =>
  z.union([
    z
      .object({
        ...common(),
        kty: z.literal('RSA'),
        alg: z.literal('RS256').exactOptional(),
        n: z.string(),
        e: z.string(),
      })
      .transform((jwk) => ({ jwk, algorithm: 'RS256' as const })),
    z
      .object({
        ...common(),
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        alg: z.literal('ES256').exactOptional(),
        x: z.string(),
        y: z.string(),
      })
      .transform((jwk) => ({ jwk, algorithm: 'ES256' as const })),
    z
      .object({
        ...common(),
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        alg: z.enum(['EdDSA', 'Ed25519']).exactOptional(),
        x: z.string(),
      })
      .transform((jwk) => ({ jwk, algorithm: 'EdDSA' as const })),
  ]),
);

/** The keys in a key set that we can verify with. One that cannot be read hides no other. */
function keysIn(document: unknown): Key[] {
  return keySet()
    .parse(document)
    .keys.map(keyOf)
    .filter((key) => key !== undefined);
}

const isWeak = ({ asymmetricKeyDetails: details }: KeyObject): boolean =>
  details?.modulusLength !== undefined && details.modulusLength < MIN_MODULUS;

function keyOf(entry: unknown): Key | undefined {
  const parsed = publicKey().safeParse(entry);
  if (!parsed.success) return undefined;
  const { jwk, algorithm } = parsed.data;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return isWeak(key) ? undefined : { ...defined({ kid: jwk.kid }), algorithm, key };
  } catch {
    // Its numbers make no key.
    return undefined;
  }
}
