import { describe, expect, it } from 'vitest';
import { quantile, spreadOf } from '#test/bench/quantile.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a quantile', () => {
  it('is the number below which that share of the numbers lies', () => {
    expect(quantile(upTo(100), 0.5)).toBe(51);
    expect(quantile(upTo(100), 0.99)).toBe(100);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('a spread', () => {
  it('takes numbers in any order, and is exact to the microsecond', () => {
    expect(spreadOf(upTo(1000).toReversed())).toEqual({ p50_ms: 501, p95_ms: 951, p99_ms: 991 });
    expect(spreadOf([10, 9, 1.234_567])).toEqual({ p50_ms: 9, p95_ms: 10, p99_ms: 10 });
    expect(spreadOf([1.234_567])).toEqual({ p50_ms: 1.235, p95_ms: 1.235, p99_ms: 1.235 });
  });
});
