/** The value below which `share` of the numbers lie. The numbers are in ascending order. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The distribution of a time over many calls, in ms. */
export interface Spread {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
}

/** The distribution of measured times, to the microsecond. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(quantile(sorted, share), 3);
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}

/** A number with a fixed number of decimals. */
export const rounded = (number: number, digits: number): number => Number(number.toFixed(digits));
