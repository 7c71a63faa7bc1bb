import { hkdfSync } from 'node:crypto';
import * as z from 'zod';
import type { TokenKind } from '#domain/identity.ts';
import { type Clock, type EpochMs, SECOND_MS } from '#domain/time.ts';

/** What a key signs. A token of one purpose is not good for another. */
export type Purpose = Exclude<TokenKind, 'server'>;

/** The keys of the deployment, by `kid`. */
export interface KeyRing {
  /** The key that signs now. */
  signing(purpose: Purpose): Promise<{ readonly kid: string; readonly key: Uint8Array }>;
  /** The keys that a token may be signed with: the key `kid`, or any key if the token names none. */
  verifying(purpose: Purpose, kid: string | undefined): Promise<readonly Uint8Array[]>;
}

/** The secret `token-keys`: `current` names the kid that signs, and every other entry maps a kid to its secret. */
const ringSecret = z.object({ current: z.string() }).catchall(z.string().min(16));

/** A token with an unknown kid makes us read the ring again, at most this often. */
const REFRESH_MS = 10 * SECOND_MS;

const derive = (secret: string, purpose: Purpose): Uint8Array =>
  purpose === 'login'
    ? new TextEncoder().encode(secret)
    : new Uint8Array(hkdfSync('sha256', secret, '', `carillon ${purpose} token`, 32));

/** The key ring in a secret. `read` may answer from a cache, unless it is asked for a `fresh` copy. */
export function keyRing(read: (options?: { fresh: boolean }) => Promise<string>, clock: Clock): KeyRing {
  let refreshedAt: EpochMs | undefined;
  const load = async (options?: { fresh: boolean }) => ringSecret.parse(JSON.parse(await read(options)));

  const reload = async () => {
    const now = clock();
    if (refreshedAt !== undefined && now - refreshedAt < REFRESH_MS) return load();
    refreshedAt = now;
    return load({ fresh: true });
  };

  const secretsFor = ({ current: _, ...keys }: z.infer<typeof ringSecret>, kid: string | undefined): string[] => {
    if (kid === undefined) return Object.values(keys);
    const secret = Object.hasOwn(keys, kid) ? keys[kid] : undefined;
    return secret === undefined ? [] : [secret];
  };

  return {
    async signing(purpose) {
      const ring = await load();
      const secret = secretsFor(ring, ring.current)[0];
      if (secret === undefined) throw new Error(`the key ring has no key ${ring.current}`);
      return { kid: ring.current, key: derive(secret, purpose) };
    },

    async verifying(purpose, kid) {
      const known = secretsFor(await load(), kid);
      const secrets = known.length > 0 ? known : secretsFor(await reload(), kid);
      return secrets.map((secret) => derive(secret, purpose));
    },
  };
}
