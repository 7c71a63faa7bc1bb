import type { Delivery } from '../phones.ts';
import type { PushRequest } from '../push-request.ts';

/** APNs keeps a push without an expiration for a time of its own choice, at most this long. */
const LONGEST_KEPT_MS = 30 * 86_400_000;

/** How APNs treats a push on its way to a phone: of each app it keeps one alone, the latest. */
export function deliveryOf({ at, headers }: PushRequest): Omit<Delivery, 'arrived'> {
  const expiration = headers['apns-expiration'];
  return {
    keptUntil: expiration === undefined ? at.getTime() + LONGEST_KEPT_MS : Number(expiration) * 1000,
    urgent: (headers['apns-priority'] ?? '10') === '10',
    slot: headers['apns-topic'] ?? '',
  };
}
