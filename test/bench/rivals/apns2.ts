/// <reference path="./packages.d.ts" />
import { ApnsClient, Errors, Notification, PushType } from 'apns2';
import { type Contestant, type Ground, keysOf } from '../push/contestant.ts';
import { byFirebaseAdmin } from '../push/contestants/firebase-admin.ts';
import { plainSender } from '../push/contestants/plain.ts';

const INVALID: ReadonlySet<string> = new Set([Errors.badDeviceToken, Errors.unregistered]);

/** apns2 for iPhones, firebase-admin for Android. */
export function start(ground: Ground): Contestant {
  const { key, key_id, team_id, bundle_id } = ground.apns;
  const client = new ApnsClient({ team: team_id, keyId: key_id, signingKey: key, defaultTopic: `${bundle_id}.voip` });
  const toAndroid = byFirebaseAdmin(ground);
  return plainSender(async (device, ring, expiresAt) => {
    if (device.platform === 'android') return toAndroid(device, ring, expiresAt);
    const expiration = Math.floor(expiresAt / 1000);
    const data = keysOf(ring, expiresAt);
    const note = new Notification(device.token, { type: PushType.voip, expiration, data });
    return client.send(note).then(
      () => 'sent' as const,
      (error: unknown) => (INVALID.has(String(Object(error).reason)) ? 'invalid' : 'failed'),
    );
  });
}
