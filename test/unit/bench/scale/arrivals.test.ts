import { expect, it } from 'vitest';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { arrivals } from '#test/bench/scale/arrivals.ts';

it('makes callers arrive in order, at the given rate, and independently of each other', () => {
  const moments = arrivals(50, 100, seededRandom(7));
  expect(moments.length).toBeGreaterThan(4700);
  expect(moments.length).toBeLessThan(5300);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments.at(-1)).toBeLessThan(100_000);
  const gaps = moments.map((at, index) => at - (moments[index - 1] ?? 0));
  // Of exponential gaps, e^-2 (about 14 %) are longer than twice their mean of 20 ms.
  const long = gaps.filter((ms) => ms > 40).length / gaps.length;
  expect(long).toBeGreaterThan(0.11);
  expect(long).toBeLessThan(0.17);
});
