import { isObject } from '../../json.ts';
import type { Delivery } from '../phones.ts';

/** @see https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#AndroidConfig */
const LONGEST_KEPT_S = 2_419_200;

/** How FCM delivers a message to an Android phone. */
export function deliveryOf(message: Readonly<Record<string, unknown>>, at: Date): Omit<Delivery, 'arrived'> {
  const android = isObject(message['android']) ? message['android'] : {};
  const { ttl = `${LONGEST_KEPT_S}s`, priority = 'normal' } = android;
  const slot = android['collapse_key'] ?? android['collapseKey'];
  return {
    keptUntil: at.getTime() + Math.floor(Number.parseFloat(String(ttl))) * 1000,
    urgent: String(priority).toLowerCase() === 'high',
    ...(typeof slot === 'string' && { slot }),
  };
}
