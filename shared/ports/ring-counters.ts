import type { CountedRing, RingRate } from '#domain/protection/ring-rate.ts';

/** A ring that is about to be placed. */
export interface PlacedRing extends CountedRing {
  readonly by: string;
  readonly callees: readonly string[];
  /** Tells it from another ring of the same call at the same moment. */
  readonly nonce: string;
}

/** What counting a ring comes to. */
export type Counted =
  /** For each callee the rings of these five minutes, this one among them. */
  | { readonly kind: 'counted'; readonly recent: ReadonlyMap<string, readonly CountedRing[]> }
  /** Nothing was counted: no more are allowed in this minute or hour. */
  | { readonly kind: 'full'; readonly window: 'minute' | 'hour' };

/** Counts the rings that users start. */
export interface RingCounters {
  count(ring: PlacedRing, rate: Pick<RingRate, 'minute' | 'hour'>): Promise<Counted>;
  /** Takes back a ring that was refused. */
  uncount(ring: PlacedRing): Promise<void>;
}
