import { type Call, isRinging, memberOf, ringerOf, wakeTokenExpiry } from '#domain/call/call.ts';
import type { Stop } from '#domain/call/effects.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type Clock, DAY_MS, type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import type { TokenMint } from '#ports/tokens.ts';

export interface RingPushDeps {
  readonly mint: TokenMint;
  readonly clock: Clock;
}

/** A silenced phone may be out of reach for a moment. */
const STOP_MS = 30 * SECOND_MS;

/** How long a missed-call notice waits for a phone that is switched off. */
const NOTICE_MS = DAY_MS;

/** The push that rings the handset of `pushToken`, for as long as its member rings; none if that ring is over. */
export const ringPush =
  ({ mint, clock }: RingPushDeps) =>
  async (call: Call, pushToken: PushToken): Promise<Push | undefined> => {
    const member = memberOf(call, pushToken.userId);
    const now = clock();
    if (!member || !isRinging(member, now) || member.ringExpiresAt === undefined || member.ringId === undefined)
      return undefined;
    const { ringExpiresAt: expiresAt, ringId } = member;
    const wakeToken = await mint.wake(pushToken, { cid: call.cid, ringId }, wakeTokenExpiry(expiresAt));
    return { kind: 'ring', ...about(call, { userId: pushToken.userId, ringId }, now), expiresAt, wakeToken };
  };

/** The push that silences a phone. */
export const stopPush = (
  call: Call,
  { userId, ringId, type, notify }: Pick<Stop, 'userId' | 'ringId' | 'type' | 'notify'>,
  now: EpochMs,
): Push => ({ kind: 'stop', ...about(call, { userId, ringId }, now), expiresAt: later(now, STOP_MS), type, notify });

/** The push that tells of a missed call. */
export const missedPush = (call: Call, ring: RingOf, now: EpochMs): Push => ({
  kind: 'missed',
  ...about(call, ring, now),
  expiresAt: later(now, NOTICE_MS),
  ...(memberOf(call, ring.userId)?.unheard && { quiet: true }),
});

/** Whose ring a push is about. */
interface RingOf {
  readonly userId: string;
  readonly ringId: string;
}

function about(call: Call, { userId, ringId }: RingOf, sentAt: EpochMs) {
  const { cid, createdBy, video } = call;
  const member = memberOf(call, userId);
  return { cid, ringId, caller: member ? ringerOf(call, member) : createdBy, video, sentAt };
}
