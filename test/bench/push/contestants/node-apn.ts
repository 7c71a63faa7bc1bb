import apn from '@parse/node-apn';
import { type Contestant, type Ground, keysOf } from '../contestant.ts';
import { byFirebaseAdmin } from './firebase-admin.ts';
import { plainSender } from './plain.ts';

/** `@parse/node-apn` for iPhones, firebase-admin for Android. */
export function start(ground: Ground): Contestant {
  const { key, key_id, team_id, bundle_id } = ground.apns;
  const provider = new apn.Provider({ token: { key, keyId: key_id, teamId: team_id }, production: true });
  const toAndroid = byFirebaseAdmin(ground);
  return plainSender(async (device, ring, expiresAt) => {
    if (device.platform === 'android') return toAndroid(device, ring, expiresAt);
    const note = new apn.Notification();
    note.topic = `${bundle_id}.voip`;
    note.pushType = 'voip';
    note.priority = 10;
    note.expiry = Math.floor(expiresAt / 1000);
    note.rawPayload = { aps: {}, ...keysOf(ring, expiresAt) };
    const { failed } = await provider.send(note, device.token);
    const [failure] = failed;
    if (!failure) return 'sent';
    const { status, response } = failure;
    return Number(status) === 410 || response?.reason === 'BadDeviceToken' ? 'invalid' : 'failed';
  });
}
