import * as z from 'zod';
import type { PushProvider } from '#domain/push-token/token.ts';

/** A push token of any provider. */
export const pushToken = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces: the push token alone, as the push service gave it');

/** What programs print if they have no value. */
const NO_VALUE = /^[<({[]?(null|nil|none|undefined|nan|true|false)[>)}\]]?$/i;
/** What programs print of an object that may hold a token. */
const WRAPPED = /^(<.*>|\{.*\}|\[.*\]|\(.*\)|".*"|'.*'|Optional\(.*\)|\$\{?.*\})$/s;
const APNS = /^[0-9a-f]{64,200}$/i;

/** What is wrong with a push token, and what to send instead; nothing if it may be one of this provider. */
export function notAToken(provider: PushProvider, token: string): string | undefined {
  if (NO_VALUE.test(token))
    return 'is the text of a missing value: register the device once the push service has given the app its token';
  if (WRAPPED.test(token))
    return provider === 'apn'
      ? 'must be the APNs token as 64 to 200 hexadecimal digits alone, without < > { } [ ] or quotes: write each byte of it as two digits'
      : 'must be the push token alone, without < > { } [ ] or quotes';
  if (provider !== 'apn' || APNS.test(token)) return undefined;
  return token.includes(':')
    ? 'must be an APNs token of 64 to 200 hexadecimal digits: for an FCM token, send "push_provider": "firebase"'
    : 'must be an APNs token of 64 to 200 hexadecimal digits: write each byte of it as two digits';
}
