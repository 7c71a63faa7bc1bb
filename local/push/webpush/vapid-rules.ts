import { createPublicKey, type KeyObject } from 'node:crypto';
import { readJsonWebToken } from '../json-web-token.ts';
import type { Refusal } from './errors.ts';

const DAY_S = 86_400;

/** What is to be true of a sender's proof. */
export interface VapidCheck {
  readonly authorization: string | undefined;
  /** The origin of this push service. */
  readonly origin: string;
  readonly applicationServerKey: string;
  readonly at: Date;
}

/** The first rule that a sender's proof of who it is breaks. @see https://www.rfc-editor.org/rfc/rfc8292 */
export function vapidRefusal({ authorization, origin, applicationServerKey, at }: VapidCheck): Refusal | undefined {
  const { t, k } = parametersOf(authorization);
  if (t === undefined || k === undefined) return refusal(401, 'there is no VAPID authorization');
  const token = readJsonWebToken(t);
  const key = publicKeyOf(k);
  if (!token || !key?.isValid || !token.isSignedBy(key.object, 'ES256')) return refusal(403, 'the signature is wrong');
  const { aud, exp, sub } = token.claims;
  const now = at.getTime() / 1000;
  if (aud !== origin) return refusal(403, `aud is ${String(aud)}, not ${origin}`);
  if (typeof exp !== 'number' || exp <= now) return refusal(403, 'the token has expired');
  if (exp > now + DAY_S) return refusal(403, 'the token lives for longer than 24 hours');
  if (typeof sub !== 'string' || !/^(mailto:|https:)/.test(sub)) return refusal(403, 'sub names nobody');
  return k === applicationServerKey ? undefined : refusal(403, 'the subscription was made with another key');
}

const refusal = (status: number, detail: string): Refusal => ({ status, rule: 'vapid', detail });

function parametersOf(header = ''): { t?: string | undefined; k?: string | undefined } {
  const [, parameters] = /^vapid\s+(.+)$/i.exec(header) ?? [];
  return Object.fromEntries((parameters ?? '').split(',').map((one) => one.trim().split(/=(.*)/s).slice(0, 2)));
}

/** The key that a raw point stands for. */
function publicKeyOf(raw: string): { readonly isValid: true; readonly object: KeyObject } | undefined {
  const point = Buffer.from(raw, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  try {
    return { isValid: true, object: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } }) };
  } catch {
    return undefined;
  }
}
