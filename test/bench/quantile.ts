/** The value below which `share` of the numbers lie, of numbers in ascending order. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** How a time is spread over many calls, in ms. */
export interface Spread {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
}

/** The spread of measured times, to the microsecond. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(quantile(sorted, share), 3);
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}

/** A number with so many digits after the point. */
export const rounded = (number: number, digits: number): number => Number(number.toFixed(digits));
