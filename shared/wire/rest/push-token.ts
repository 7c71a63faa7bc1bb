import { ECDH } from 'node:crypto';
import * as z from 'zod';
import { once } from '#domain/once.ts';
import type { PushProvider } from '#domain/push-token/token.ts';

const PRINTABLE = /^[\x21-\x7e]+$/;

/** A push token of any provider, whether or not it is registered. */
export const pushToken = once(() =>
  z.string().min(1).max(4096).regex(PRINTABLE, 'must be printable ASCII without spaces'),
);

/** A push token that is to be registered: `notAToken` says what is wrong with it, since that depends on its provider. */
export const newPushToken = once(() => z.string().max(4096));

/** What programs print if they have no value. */
const NO_VALUE = /^[<({[]?(null|nil|none|undefined|nan|true|false)[>)}\]]?$/i;
/** What programs print of an object that may hold a token. */
const WRAPPED = /^(<.*>|\{.*\}|\[.*\]|\(.*\)|".*"|'.*'|Optional\(.*\)|\$\{?.*\})$/s;
const APNS = /^[0-9a-f]{64,200}$/i;

const EXPECTED: Readonly<Record<PushProvider, string>> = {
  apn: 'must be an APNs token of 64 to 200 hexadecimal digits: write each byte of the token as two digits, and nothing else',
  firebase: 'must be the FCM registration token or installation id alone, as printable ASCII without spaces',
  webpush: 'must be the endpoint of the subscription, an https address',
};

/** What is wrong with a push token, and what to send instead; nothing if it may be one of this provider. */
export function notAToken(provider: PushProvider, token: string): string | undefined {
  if (token === '' || NO_VALUE.test(token))
    return `${EXPECTED[provider]}. This is the text of a missing value: wait until the push service has given the app its token`;
  if (!PRINTABLE.test(token) || WRAPPED.test(token)) return EXPECTED[provider];
  if (provider === 'webpush') return isAddress(token) ? undefined : EXPECTED.webpush;
  if (provider !== 'apn' || APNS.test(token)) return undefined;
  return token.includes(':') ? `${EXPECTED.apn}. For an FCM token, send "push_provider": "firebase"` : EXPECTED.apn;
}

/** Whether it is an https address without a name, a password or a fragment, which no push service gives out. */
function isAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username + url.password + url.hash === '';
}

/** How long the keys of a Web Push subscription are: a point on P-256, uncompressed, and a secret. */
const KEY_BYTES = { p256dh: 65, auth: 16 } as const;

const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** What is wrong with a key of a Web Push subscription; nothing if a browser may have made it. */
export function notSubscriptionKey(name: keyof typeof KEY_BYTES, text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (!BASE64URL.test(text) || bytes.length !== KEY_BYTES[name])
    return `must be ${KEY_BYTES[name]} bytes as base64url without padding, as the subscription's toJSON() has them`;
  return name === 'auth' || isPoint(bytes) ? undefined : 'must be a point on the curve P-256, uncompressed';
}

function isPoint(bytes: Buffer): boolean {
  try {
    ECDH.convertKey(bytes, 'prime256v1');
    return bytes[0] === 4;
  } catch {
    return false;
  }
}
