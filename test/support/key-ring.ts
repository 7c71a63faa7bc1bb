import { SignJWT } from 'jose';

const KEY = 'a-key-that-is-long-enough-to-sign-with';

/** The token keys of functions that run in a test's own process. */
export const KEY_RING = { current: 'k1', k1: KEY };

/** A login or server token, as an app's own backend signs it with the current key. */
export const signedToken = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: KEY_RING.current })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(KEY));
