import { defined } from '#domain/defined.ts';
import { lastOf, type PushToken } from '#domain/push-token/token.ts';
import { DAY_MS, later } from '#domain/time.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table } from './table.ts';

/** How long it is known why a device went. */
const KEPT_MS = 30 * DAY_MS;

/** Where the tombstone of a device stands. */
export const tombstoneKey = ({ userId, provider, key }: PushToken): { pk: string; sk: string } =>
  keys.tombstone(userId, provider, key);

/** What is left of a device that was removed: why and when, for whoever asks why a phone no longer rings; not its token. */
export function tombstoneOf(pushToken: PushToken, reason: string, { clock }: Table): Row {
  const { userId, key, provider, providerName, voip, sandbox, refreshedAt } = pushToken;
  const removedAt = clock();
  return {
    ...tombstoneKey(pushToken),
    ...{ userId, key, provider, providerName, voip, sandbox, refreshedAt, reason, removedAt },
    device: lastOf(pushToken),
    ...defined({ hardwareId: pushToken.hardwareId }),
    ...expiringAt(later(removedAt, KEPT_MS)),
  };
}
