import { importJWK, SignJWT } from 'jose';
import { type EpochMs, HOUR_MS, later, toEpochSeconds } from '#domain/time.ts';

/** The keys by which push services know this deployment (VAPID): base64url, as browsers and `web-push` write them. */
export interface VapidKeys {
  /** A point on P-256, uncompressed. Subscriptions are made with it. */
  readonly public_key: string;
  readonly private_key: string;
  /** Whom a push service turns to: a `mailto:` or an `https:` address. */
  readonly subject: string;
}

/** Push services take 24 hours at most. */
const LIFE_MS = 12 * HOUR_MS;

/** The `authorization` header of a push to a service, by its origin. @see https://www.rfc-editor.org/rfc/rfc8292 */
export async function vapidAuthorization(keys: VapidKeys, origin: string, now: EpochMs): Promise<string> {
  const point = Buffer.from(keys.public_key, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y, d: keys.private_key }, 'ES256');
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .setAudience(origin)
    .setSubject(keys.subject)
    .setExpirationTime(toEpochSeconds(later(now, LIFE_MS)))
    .sign(key);
  return `vapid t=${token}, k=${keys.public_key}`;
}
