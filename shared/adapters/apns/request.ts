import type { Device } from '#domain/device.ts';
import { toEpochSeconds } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** An APNs key and the app that it pushes to. */
export interface ApnsAccount {
  readonly key: string;
  readonly key_id: string;
  readonly team_id: string;
  readonly bundle_id: string;
}

/** What APNs is asked, the device token and the provider token aside. */
export interface ApnsRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** APNs takes at most this many bytes as a collapse id. */
const MAX_COLLAPSE_ID_BYTES = 64;

/** The request of a push: a VoIP push to a PushKit token, an alert to an ordinary one. */
export function apnsRequest(
  device: Device,
  push: Push,
  { bundle_id: bundleId }: Pick<ApnsAccount, 'bundle_id'>,
): ApnsRequest {
  const headers = {
    'apns-id': push.id,
    'apns-priority': '10',
    'apns-expiration': `${toEpochSeconds(push.expiresAt)}`,
  };
  if (device.voip) {
    return {
      headers: { ...headers, 'apns-push-type': 'voip', 'apns-topic': `${bundleId}.voip` },
      body: { aps: {}, ...push.payload },
    };
  }
  const cid = push.payload['call_cid'] ?? '';
  const collapseId = Buffer.from(cid).subarray(0, MAX_COLLAPSE_ID_BYTES).toString();
  return {
    headers: { ...headers, 'apns-push-type': 'alert', 'apns-topic': bundleId, 'apns-collapse-id': collapseId },
    body: { aps: { alert: push.alert, sound: 'default', 'thread-id': cid }, ...push.payload },
  };
}
