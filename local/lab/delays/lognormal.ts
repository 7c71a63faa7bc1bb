import type { Distribution } from './aws-delays.ts';

/** The quantile of the standard normal distribution at 99 %. */
const Z99 = 2.326_347_87;

/** Draws a time from the lognormal distribution with this median and this 99th percentile. `random` gives numbers from 0 to below 1. */
export function drawMs({ p50_ms, p99_ms }: Pick<Distribution, 'p50_ms' | 'p99_ms'>, random: () => number): number {
  const sigma = Math.log(p99_ms / p50_ms) / Z99;
  // Box and Muller's transformation; 1 is taken off since 0 has no logarithm.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return p50_ms * Math.exp(sigma * normal);
}
