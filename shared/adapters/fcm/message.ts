import type { Message } from 'firebase-admin/messaging';
import type { Device } from '#domain/device.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** A stop is worth delivering to a phone that is out of reach for a moment. */
const MIN_STOP_TTL_S = 30;

/** The FCM message of a push: data alone, so that the app's own code runs; never collapsible. */
export function fcmMessage(device: Device, push: Push, now: EpochMs): Message {
  const left = (push.expiresAt - now) / SECOND_MS;
  const ttlS = {
    ring: Math.max(0, Math.floor(left)),
    stop: Math.max(MIN_STOP_TTL_S, Math.floor(left)),
    missed: Math.ceil(left),
  }[push.kind];
  return {
    ...(device.idType === 'fid' ? { fid: device.token } : { token: device.token }),
    data: { ...push.payload },
    android: { priority: push.kind === 'missed' ? 'normal' : 'high', ttl: ttlS * SECOND_MS, directBootOk: true },
  };
}
