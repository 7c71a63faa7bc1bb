import type { Delivery } from '../phones.ts';
import type { PushRequest } from '../push-request.ts';

/** APNs decides itself how long it keeps a push without an expiration, up to this limit. */
const LONGEST_KEPT_MS = 30 * 86_400_000;

/** How APNs delivers a push. For an offline phone it keeps only the latest one of each app. */
export function deliveryOf({ at, headers }: PushRequest): Omit<Delivery, 'arrived'> {
  const expiration = headers['apns-expiration'];
  return {
    keptUntil: expiration === undefined ? at.getTime() + LONGEST_KEPT_MS : Number(expiration) * 1000,
    urgent: (headers['apns-priority'] ?? '10') === '10',
    slot: headers['apns-topic'] ?? '',
  };
}
