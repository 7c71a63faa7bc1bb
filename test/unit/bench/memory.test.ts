import { describe, expect, it } from 'vitest';
import { goalsText } from '#test/bench/latency/aws-latency-section.ts';
import { judged } from '#test/bench/memory/measure-memory.ts';
import { coldGoalText, usdForMillion } from '#test/bench/memory/memory-section.ts';

const invocation = (name: string, ms: number, initMs: number) => ({ name, memoryMb: 512, ms, initMs });
const taken = (ringMs: number, ms: number, initMs: number) => ({
  ringMs,
  invocations: ['command', 'ring', 'signal'].map((name) => invocation(name, ms, initMs)),
});
const rings = (...warm: Parameters<typeof taken>) => ({ warm: [taken(...warm)], cold: [taken(500, 90, 60)] });
const late = { warm: [[invocation('deadline', 20, 0)]], cold: [[invocation('deadline', 30, 80)]] };

describe('rings with a memory', () => {
  const result = judged('template', rings(100, 50, 0), late);

  it('bill a function for its time and its memory, and a cold one for its initialisation, too', () => {
    expect(result.functions.map(({ name }) => name)).toEqual(['command', 'ring', 'signal', 'deadline']);
    expect(result.functions[0]).toMatchObject({ name: 'command', memory_mb: 512, gb_seconds: 0.025 });
    expect(result.functions[0]?.cold_gb_seconds).toBeCloseTo(0.075);
    expect(usdForMillion(0.025)).toBeCloseTo(0.533, 3);
  });

  it('wait, when cold, for the initialisations of the two functions on the way', () => {
    expect(result.cold_init.p50_ms).toBe(120);
    expect(coldGoalText([result])).toContain('370 ms. It takes p99 500 ms, p50 500 ms (missed)');
    expect(coldGoalText([judged('template', rings(160, 50, 0), late)])).toContain('(met)');
  });
});

describe('the goals of the profile aws', () => {
  it('are ratios to the floor, of the median and of the 99th percentile', () => {
    const of = { p50_ms: 25, p95_ms: 30, p99_ms: 61, floor_p50_ms: 20, floor_p99_ms: 30, ratio: 1.25, calls: 9 };
    expect(goalsText({ signal_relay: of })).toBe(
      '- `signal_relay`: p50 1.25 (met: at most 1.25), p99 2.03 (missed: at most 2)',
    );
  });
});
