import { type EpochMs, later, MINUTE_MS, SECOND_MS } from '../time.ts';

/** How many rings a user may start. */
export interface RingRate {
  readonly minute: number;
  readonly hour: number;
  /** To one callee who did not answer, in five minutes. */
  readonly pair: number;
}

/** How long a ring that nobody answered counts against the next one to the same callee, at most. */
export const PAIR_WINDOW_MS = 5 * MINUTE_MS;

/** A ring that counts. */
export interface CountedRing {
  readonly cid: string;
  readonly at: EpochMs;
}

/** The moment at which the window of `ms` that `at` is in ends. */
export const endOfWindow = (at: EpochMs, ms: number): EpochMs => later(at, ms - (at % ms));

/** Those of a user's rings to one callee that the callee has not answered, if their latest answer was at `answeredAt`. */
export const unanswered = (rings: readonly CountedRing[], answeredAt: EpochMs | undefined): readonly CountedRing[] =>
  answeredAt === undefined ? rings : rings.filter(({ at }) => at > answeredAt);

/** Whole seconds from `now` until `at`, at least one. */
export const secondsUntil = (at: EpochMs, now: EpochMs): number => Math.max(1, Math.ceil((at - now) / SECOND_MS));
