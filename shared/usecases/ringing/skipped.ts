import type { SkipReason } from '#domain/push-token/ring-plan.ts';
import { lastOf, type PushToken } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { TraceEvent } from '#ports/trace.ts';

/** Why a device was not pushed, beside what it is. */
export type Skip =
  | SkipReason
  /** Answered, declined, cancelled or missed before the push could leave. */
  | 'ring_is_over'
  /** The member is in another call. */
  | 'busy'
  | 'no_longer_registered'
  /** It is the device that ended the ring. */
  | 'acted_here'
  /** Apple terminates apps for a second VoIP push: an iPhone hears of the end over its socket. */
  | 'one_voip_push_a_ring';

/** The trace of a push that was not sent; without a `device` it is about all that the member has. */
export const skipped = (
  { clock }: { readonly clock: Clock },
  { userId, ringId }: { readonly userId: string; readonly ringId: string },
  reason: Skip,
  pushToken?: PushToken,
  type = 'call.ring',
): TraceEvent => ({
  at: clock(),
  event: 'push.skipped',
  userId,
  details: {
    reason,
    type,
    ring_id: ringId,
    ...(pushToken && { provider: pushToken.provider, device: lastOf(pushToken) }),
  },
});
