import { cert, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { type Ground, keysOf } from '../contestant.ts';
import type { SendOne } from './plain.ts';

/** How firebase-admin names a token that is not valid any more. */
const INVALID: ReadonlySet<string> = new Set([
  'messaging/registration-token-not-registered',
  'messaging/invalid-registration-token',
]);

/** Android by firebase-admin, as its documentation sends to one device. */
export function byFirebaseAdmin({ account }: Ground): SendOne {
  const { project_id: projectId, client_email: clientEmail, private_key: privateKey } = account;
  const app = initializeApp({ credential: cert({ projectId, clientEmail, privateKey }), projectId });
  const messaging = getMessaging(app);
  return async ({ token }, ring, expiresAt) => {
    const android = { priority: 'high', ttl: Math.max(0, expiresAt - Date.now()) } as const;
    return messaging.send({ token, data: keysOf(ring, expiresAt), android }).then(
      () => 'sent' as const,
      (error: unknown) => (INVALID.has(String(Object(error).code)) ? 'invalid' : 'failed'),
    );
  };
}
