import { defined } from '#domain/defined.ts';
import { lastOf, type PushToken } from '#domain/push-token/token.ts';
import { DAY_MS, later } from '#domain/time.ts';
import { keys } from './keys.ts';
import { expiringAt, type Row, type Table } from './table.ts';

/** How long the reason for a removal is kept. */
const KEPT_MS = 30 * DAY_MS;

/** The key of a push token's tombstone. */
export const tombstoneKey = ({ userId, provider, key }: PushToken): { pk: string; sk: string } =>
  keys.tombstone(userId, provider, key);

/** What remains of a removed push token: why and when it went, to explain why a phone no longer rings. It does not hold the token. */
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
