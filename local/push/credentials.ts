import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

const PROJECT_ID = 'carillon-local';
const CLIENT_EMAIL = `push-sender@${PROJECT_ID}.iam.gserviceaccount.com`;
const BUNDLE_ID = 'com.example.carillon';
const APNS_KEY_ID = 'LOCALKEY01';
const TEAM_ID = 'LOCALTEAM1';

/** The account that may send through the fake of FCM. */
export interface FcmAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  readonly publicKey: KeyObject;
}

/** The account that may send through the fakes of APNs, and its app. */
export interface ApnsAccount {
  readonly bundleId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** The accounts that the fakes accept: private keys for the sender, public keys for the fakes. */
export interface Credentials {
  readonly fcm: FcmAccount;
  readonly apns: ApnsAccount;
  /** The raw VAPID key that browsers subscribe with, as base64url. */
  readonly webPushKey: string;
  readonly providersSecret: object;
  readonly providers: object;
}

/** Generates a key for an FCM service account, an APNs signing key and the VAPID keys. */
export async function makeCredentials(): Promise<Credentials> {
  const [fcmKeys, apnsKeys, vapidKeys] = await Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('ec', { namedCurve: 'P-256' }),
    generate('ec', { namedCurve: 'P-256' }),
  ]);
  const account = serviceAccount(fcmKeys.privateKey);
  const vapid = rawPair(vapidKeys.privateKey);
  return {
    fcm: { projectId: PROJECT_ID, clientEmail: CLIENT_EMAIL, publicKey: fcmKeys.publicKey },
    apns: { bundleId: BUNDLE_ID, teamId: TEAM_ID, keyId: APNS_KEY_ID, publicKey: apnsKeys.publicKey },
    webPushKey: vapid.public_key,
    providersSecret: {
      firebase: { default: account, stream: { ...account, format: 'stream' } },
      apn: {
        default: { key: pkcs8(apnsKeys.privateKey), key_id: APNS_KEY_ID, team_id: TEAM_ID, bundle_id: BUNDLE_ID },
      },
      webpush: { default: { ...vapid, subject: `mailto:${CLIENT_EMAIL}` } },
    },
    providers: {
      apns: { bundle_id: BUNDLE_ID, team_id: TEAM_ID, key_id: APNS_KEY_ID, public_key: spki(apnsKeys.publicKey) },
      fcm: { project_id: PROJECT_ID, client_email: CLIENT_EMAIL, public_key: spki(fcmKeys.publicKey) },
      webpush: { public_key: vapid.public_key },
    },
  };
}

const serviceAccount = (privateKey: KeyObject) => ({
  type: 'service_account',
  project_id: PROJECT_ID,
  private_key_id: '0'.repeat(40),
  private_key: pkcs8(privateKey),
  client_email: CLIENT_EMAIL,
  client_id: '100000000000000000000',
  auth_uri: 'https://accounts.google.com/o/oauth2/auth',
  token_uri: 'https://oauth2.googleapis.com/token',
  universe_domain: 'googleapis.com',
});

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** A key pair as browsers and senders of Web Push write it. */
function rawPair(key: KeyObject): { public_key: string; private_key: string } {
  const { x = '', y = '', d = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { public_key: point.toString('base64url'), private_key: d };
}
