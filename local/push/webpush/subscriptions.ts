import { createECDH, type ECDH, randomBytes, randomUUID } from 'node:crypto';

/** The subscription of one browser. */
export interface Subscription {
  /** The key of the only sender that may push to it, a raw VAPID key as base64url. */
  readonly applicationServerKey: string;
  readonly privateKey: ECDH;
  readonly auth: string;
}

/** A subscription as `POST /_local/webpush/subscriptions` answers; keys are base64url. */
export interface NewSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly private_key: string;
}

/** The browsers of the built-in push service. */
export interface Subscriptions {
  add(origin: string, applicationServerKey: string): NewSubscription;
  /** The subscription whose endpoint has this path. */
  at(path: string): Subscription | undefined;
}

const PRIVATE_KEY_BYTES = 32;

/** Starts without any. */
export function openSubscriptions(): Subscriptions {
  const subscriptions = new Map<string, Subscription>();
  return {
    at: (path) => subscriptions.get(path),
    add(origin, applicationServerKey) {
      const path = `/push/${randomUUID()}`;
      const privateKey = createECDH('prime256v1');
      const p256dh = privateKey.generateKeys('base64url');
      const auth = randomBytes(16).toString('base64url');
      subscriptions.set(path, { applicationServerKey, privateKey, auth });
      const bytes = privateKey.getPrivateKey();
      const padded = Buffer.concat([Buffer.alloc(PRIVATE_KEY_BYTES - bytes.length), bytes]);
      return { endpoint: origin + path, keys: { p256dh, auth }, private_key: padded.toString('base64url') };
    },
  };
}
