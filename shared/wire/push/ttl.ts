import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** A stop is worth delivering to a phone or browser that is out of reach for a moment. */
const MIN_STOP_TTL_S = 30;

/** How long a push service may keep a push that it cannot deliver at once, in whole seconds. */
export function ttlOf({ kind, expiresAt }: Push, now: EpochMs): number {
  const left = (expiresAt - now) / SECOND_MS;
  switch (kind) {
    case 'ring':
      return Math.max(0, Math.floor(left));
    case 'stop':
      return Math.max(MIN_STOP_TTL_S, Math.floor(left));
    case 'missed':
      return Math.ceil(left);
  }
}
