import type { Silence } from '#domain/protection/guard.ts';
import type { HandsetTokens, SkipReason } from '#domain/push-token/ring-plan.ts';
import { type PushToken, tracedToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { TraceEvent } from '#ports/trace.ts';

/** Why a device was not pushed, beside what it is. */
export type Skip =
  | SkipReason
  /** The member has blocked the caller, or does not want to be disturbed. */
  | Silence
  /** Another token of its handset was enough. */
  | 'same_handset'
  /** Answered, declined, cancelled or missed before the push could leave. */
  | 'ring_is_over'
  /** The member is in another call. */
  | 'busy'
  | 'no_longer_registered'
  /** It is the device that ended the ring. */
  | 'acted_here'
  /** Apple terminates apps for a second VoIP push: an iPhone hears of the end over its socket. */
  | 'one_voip_push_a_ring';

/** A push that was not sent. */
export interface SkippedPush {
  readonly at: EpochMs;
  readonly ring: { readonly userId: string; readonly ringId: string };
  readonly reason: Skip;
  /** Absent if it is about all push tokens of the member. */
  readonly pushToken?: PushToken | undefined;
  /** @default call.ring */
  readonly type?: string;
}

/** What the trace says of a push that was not sent. */
export const skippedTrace = ({ at, ring, reason, pushToken, type = 'call.ring' }: SkippedPush): TraceEvent => ({
  at,
  event: 'push.skipped',
  userId: ring.userId,
  details: {
    reason,
    type,
    ring_id: ring.ringId,
    ...(pushToken && tracedToken(pushToken)),
  },
});

/** What the trace says where none of a member's handsets is pushed to. */
export const skippedHandsets = (
  of: Pick<SkippedPush, 'at' | 'ring' | 'reason'>,
  handsets: readonly HandsetTokens[],
): TraceEvent[] =>
  handsets.length === 0 ? [skippedTrace(of)] : handsets.flat().map((pushToken) => skippedTrace({ ...of, pushToken }));
