import apn from '@parse/node-apn';
import type { Device } from '#domain/device.ts';
import { toEpochSeconds } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** APNs takes at most this many bytes as a collapse id. */
const MAX_COLLAPSE_ID_BYTES = 64;

/** The notification of a push: a VoIP push to a PushKit token, an alert to an ordinary one. */
export function apnsNote(device: Device, push: Push, bundleId: string): apn.Notification {
  const note = new apn.Notification();
  note.id = push.id;
  note.priority = 10;
  note.expiry = toEpochSeconds(push.expiresAt);
  if (device.voip) {
    note.topic = `${bundleId}.voip`;
    note.pushType = 'voip';
    note.rawPayload = { aps: {}, ...push.payload };
    return note;
  }
  const cid = push.payload['call_cid'] ?? '';
  note.topic = bundleId;
  note.pushType = 'alert';
  note.collapseId = Buffer.from(cid).subarray(0, MAX_COLLAPSE_ID_BYTES).toString();
  note.rawPayload = { aps: { alert: push.alert, sound: 'default', 'thread-id': cid }, ...push.payload };
  return note;
}
