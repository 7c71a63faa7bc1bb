/// <reference path="./packages.d.ts" />
import PushNotifications from 'node-pushnotifications';
import { type Contestant, type Ground, keysOf } from '../push/contestant.ts';

/** How the services name a token that is not valid any more. */
const INVALID = /BadDeviceToken|Unregistered|ExpiredToken|Requested entity was not found|not-registered/;

/** node-pushnotifications for both: one send to all tokens of the callee, which it sorts by platform itself. */
export function start({ account, apns }: Ground): Contestant {
  const { key, key_id, team_id, bundle_id } = apns;
  const push = new PushNotifications({
    fcm: { appName: 'bench', serviceAccountKey: account },
    apn: { token: { key, keyId: key_id, teamId: team_id }, production: true },
  });
  const deleted: string[] = [];
  return {
    prepare: async () => undefined,
    open: async () => undefined,
    async ring(ring, expiresAt) {
      const ids = ring.devices.map(({ token, platform }) => ({ id: token, type: platform === 'ios' ? 'apn' : 'fcm' }));
      const data = {
        topic: `${bundle_id}.voip`,
        pushType: 'voip',
        priority: 'high',
        expiry: Math.floor(expiresAt / 1000),
        timeToLive: Math.ceil((expiresAt - Date.now()) / 1000),
        custom: keysOf(ring, expiresAt),
      };
      const results = await push.send(ids, data).catch(() => []);
      for (const { message } of results) {
        for (const { regId, errorMsg } of message) if (INVALID.test(String(errorMsg))) deleted.push(regId);
      }
    },
    deleted: async () => deleted,
  };
}
