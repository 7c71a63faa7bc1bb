import type { Stop } from '#domain/call/effects.ts';
import type { EpochMs } from '#domain/time.ts';

/** Which ring of which member. */
export interface RingRef {
  readonly cid: string;
  readonly userId: string;
  readonly ringId: string;
}

/**
 * How far a push is. `unknown`: nobody answered, and the phone may ring all the same; `failed`: not taken, and worth
 * another attempt; `refused`: not taken for good, `dead`: since the token is.
 */
export const PUSH_STATES = ['sending', 'accepted', 'unknown', 'failed', 'refused', 'dead'] as const;
export type PushState = (typeof PUSH_STATES)[number];

/** What is known of the pushes of one ring of one member. */
export interface PushRecord {
  /** How far the push to each device is, by the device's key. */
  readonly pushes: Readonly<Record<string, PushState>>;
  /** Set once the ring is over: a push accepted from then on is followed by this stop. */
  readonly stop?: Pick<Stop, 'type' | 'notify' | 'except'>;
}

/** Which devices took a ring, so that a redelivery does not ring them again and a stop reaches just these. */
export interface PushLog {
  /**
   * Claims the pushes of a ring to the devices `keys` until `leaseUntil`: what is known so far, `leased` while another
   * invocation has them.
   */
  claim(
    ring: RingRef,
    keys: readonly string[],
    now: EpochMs,
    leaseUntil: EpochMs,
  ): Promise<PushRecord & { readonly leased: boolean }>;
  /**
   * Claims one more attempt at a device: what is known so far, or nothing where the device took the ring, the ring is
   * over, or the attempt was made before, unless it is `redelivered`, since whoever made it may have crashed.
   */
  claimAttempt(
    ring: RingRef,
    pushTokenKey: string,
    attempt: number,
    redelivered: boolean,
  ): Promise<PushRecord | undefined>;
  /** Records how pushes were answered; what comes back tells whether the ring is over. */
  record(ring: RingRef, pushTokens: PushRecord['pushes']): Promise<PushRecord>;
  /** Says that the ring is over; `first` is false where that was said before. What comes back tells who took the ring. */
  stop(ring: RingRef, stop: NonNullable<PushRecord['stop']>): Promise<PushRecord & { readonly first: boolean }>;
  /** Claims another attempt to silence a device, or to tell it of a missed call: false where it was made before, unless it is `redelivered`. */
  claimRetry(ring: RingRef, errand: string, attempt: number, redelivered: boolean): Promise<boolean>;
  /** Says that the member is told of a missed call; false where that was said before. */
  claimNotice(ring: RingRef): Promise<boolean>;
}
