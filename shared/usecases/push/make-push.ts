import { type Call, isRinging, memberOf, wakeTokenExpiry } from '#domain/call/call.ts';
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
    const wakeToken = await mint.wake(pushToken, call.cid, wakeTokenExpiry(expiresAt));
    return { kind: 'ring', ...about(call, ringId, now), expiresAt, wakeToken };
  };

/** The push that silences a phone. */
export const stopPush = (
  call: Call,
  { ringId, type, notify }: Pick<Stop, 'ringId' | 'type' | 'notify'>,
  now: EpochMs,
): Push => ({ kind: 'stop', ...about(call, ringId, now), expiresAt: later(now, STOP_MS), type, notify });

/** The push that tells of a missed call. */
export const missedPush = (call: Call, ringId: string, now: EpochMs): Push => ({
  kind: 'missed',
  ...about(call, ringId, now),
  expiresAt: later(now, NOTICE_MS),
});

const about = ({ cid, createdBy: caller, video }: Call, ringId: string, sentAt: EpochMs) => ({
  cid,
  ringId,
  caller,
  video,
  sentAt,
});
