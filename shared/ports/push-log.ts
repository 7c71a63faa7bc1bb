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
  /** How far each push has come, by the key of its push token. */
  readonly pushes: Readonly<Record<string, PushState>>;
  /** Set once the ring is over. A push that is accepted after that is followed by this stop. */
  readonly stop?: Pick<Stop, 'type' | 'notify' | 'except'>;
}

/** Which phones took a ring, so that a redelivery does not ring them again and a stop reaches only these. */
export interface PushLog {
  /**
   * Claims the pushes of a ring to the push tokens `keys` until `leaseUntil`, and returns what is known so far. `leased`
   * says that another invocation holds them.
   */
  claim(
    ring: RingRef,
    keys: readonly string[],
    now: EpochMs,
    leaseUntil: EpochMs,
  ): Promise<PushRecord & { readonly leased: boolean }>;
  /**
   * Claims one more attempt at a push token and returns what is known so far. It returns nothing if the phone took the
   * ring, if the ring is over, or if the attempt was made before. A `redelivered` attempt may be made again, since the
   * invocation that made it may have crashed.
   */
  claimAttempt(
    ring: RingRef,
    pushTokenKey: string,
    attempt: number,
    redelivered: boolean,
  ): Promise<PushRecord | undefined>;
  /** Records how pushes were answered. The result tells whether the ring is over. */
  record(ring: RingRef, pushes: PushRecord['pushes']): Promise<PushRecord>;
  /** Records that the ring is over; `first` is false if that was known before. The result tells which phones took the ring. */
  stop(ring: RingRef, stop: NonNullable<PushRecord['stop']>): Promise<PushRecord & { readonly first: boolean }>;
  /** Claims another attempt to silence a phone or to tell it about a missed call: false if it was made before, unless it is `redelivered`. */
  claimRetry(ring: RingRef, retry: string, attempt: number, redelivered: boolean): Promise<boolean>;
  /** Claims the missed-call notice of the member: false if it was claimed before. */
  claimNotice(ring: RingRef): Promise<boolean>;
}
