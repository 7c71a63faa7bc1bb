import type { Stop } from '#domain/call/effects.ts';
import type { EpochMs } from '#domain/time.ts';

/** One ring of one member. */
export interface RingRef {
  readonly cid: string;
  readonly userId: string;
  readonly ringId: string;
}

/**
 * How far a push has come. `unknown`: the service did not answer, and the phone may ring anyway. `failed`: not accepted, but
 * worth another attempt. `refused`: not accepted, for good. `dead`: not accepted because the token is dead.
 */
export const PUSH_STATES = ['sending', 'accepted', 'unknown', 'failed', 'refused', 'dead'] as const;
export type PushState = (typeof PUSH_STATES)[number];

/** What is known of the pushes of one ring of one member. */
export interface PushRecord {
  /** How far the push to each token is, by the token's key. */
  readonly pushes: Readonly<Record<string, PushState>>;
  /** The `hardwareId` of each of these tokens that has one: it outlives the token's own row. */
  readonly hardwareIds: HardwareIds;
  /** The keys of tokens that have left their user during the ring. A push that they take is followed by a stop. */
  readonly removed: readonly string[];
  /** Set once the ring is over: a push accepted from then on is followed by this stop. */
  readonly stop?: Pick<Stop, 'type' | 'notify' | 'except'>;
}

/** Which handset a push token is on, by the token's key. */
export type HardwareIds = Readonly<Record<string, string>>;

/** An attempt that is claimed before it is made. `redelivered`: whoever claimed it before may have crashed. */
export interface AttemptClaim {
  readonly attempt: number;
  readonly redelivered: boolean;
}

/** Which push tokens took a ring, so that a redelivery does not ring them again and a stop reaches just these. */
export interface PushLog {
  /**
   * Claims the pushes of a ring to the tokens `keys` until `leaseUntil`. What comes back is what is known so far;
   * `leased` if another invocation has them.
   */
  claim(
    ring: RingRef,
    lease: {
      readonly keys: readonly string[];
      readonly hardwareIds: HardwareIds;
      readonly now: EpochMs;
      readonly leaseUntil: EpochMs;
    },
  ): Promise<PushRecord & { readonly leased: boolean }>;
  /**
   * Claims one more attempt at a token. What comes back is what is known so far, or nothing if the token took the
   * ring, the ring is over, or the attempt was made before.
   */
  claimAttempt(ring: RingRef, claim: AttemptClaim & { readonly key: string }): Promise<PushRecord | undefined>;
  /** Records how pushes were answered. What comes back tells whether the ring is over. */
  record(ring: RingRef, pushes: PushRecord['pushes'], hardwareIds?: HardwareIds): Promise<PushRecord>;
  /** Says that the ring is over; `first` is false if that was said before. What comes back tells who took the ring. */
  stop(ring: RingRef, stop: NonNullable<PushRecord['stop']>): Promise<PushRecord & { readonly first: boolean }>;
  /** Says that the token `key` leaves its user. What comes back tells how far the push to it is. */
  markRemoved(ring: RingRef, key: string): Promise<PushRecord>;
  /** Claims another attempt at the stop or notice called `name`: false if it was made before. */
  claimRetry(ring: RingRef, claim: AttemptClaim & { readonly name: string }): Promise<boolean>;
  /** Says that the member is told of a missed call; false if that was said before. */
  claimNotice(ring: RingRef): Promise<boolean>;
}
