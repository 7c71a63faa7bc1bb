import { describe, expect, it } from 'vitest';
import type { UsageReport } from '#local/lab/metering/usage.ts';
import { billedSection } from '#test/bench/billed/billed-section.ts';
import { usdPerMillion } from '#test/bench/billed/cost.ts';
import { countsOf, differing } from '#test/bench/billed/counts.ts';
import { breaches } from '#test/budget/compare.ts';

const USAGE: UsageReport = {
  dynamodb: {
    call: { writes: 2, write_units: 3, reads: 0, read_units: 0 },
    trace: { writes: 1, write_units: 1, reads: 4, read_units: 2 },
  },
  sqs: { ring: { requests: 3, messages: 1 } },
  lambda: {
    ring: {
      invocations: 2,
      billed_ms: 500,
      init_ms: 0,
      memory_mb: 1024,
      cold_starts: 0,
      log_events: 4,
      log_bytes: 1000,
    },
    signal: {
      invocations: 0,
      billed_ms: 1000,
      init_ms: 400,
      memory_mb: 512,
      cold_starts: 1,
      log_events: 0,
      log_bytes: 0,
    },
  },
  streams: {},
  websocket: { messages_in: 4, messages_out: 6, connections: 2, connection_ms: 120_000 },
  http: { requests: 0 },
};

describe('the cost of a million calls', () => {
  it('is the sum of usage times price', () => {
    const { total, ...costs } = usdPerMillion(USAGE);
    expect(costs).toEqual({
      dynamodb_writes: 4 * 0.625,
      dynamodb_reads: 2 * 0.125,
      sqs: expect.closeTo(3 * 0.4),
      lambda_requests: 2 * 0.2,
      // 1 GB for half a second, and half a GB for one second.
      lambda_duration: expect.closeTo(13.3334),
      websocket_messages: 10,
      websocket_minutes: 2 * 0.25,
      http: 0,
      // Those of the functions, and eight lines of the access log: four frames, two connections that open and close.
      cloudwatch_logs: expect.closeTo((1000 + 8 * 197) * 0.0005),
    });
    expect(total).toBeCloseTo(29.47, 2);
  });

  it('is shown with the counts that varied', () => {
    const scenario = { ...USAGE, varied: [] };
    const unsteady = { ...USAGE, varied: ['sqs.ring.requests'] };
    const usd = usdPerMillion(USAGE);
    const usd_per_million = { standard_call: usd, unanswered_ring: usd, standard_call_batched: usd };
    const counted = {
      repetitions: 5,
      disturbed_plays: 0,
      standard_call: scenario,
      standard_call_batched: scenario,
    };
    const steadySection = billedSection({ billed: { ...counted, unanswered_ring: scenario }, usd_per_million });
    expect(steadySection).toMatch(/\*\*29\.47\*\*/);
    expect(steadySection).toMatch(/\| call +\| 2 \(3 units\) \+ 0 +\|/);
    expect(steadySection).toContain('the same in each of them');
    const section = billedSection({ billed: { ...counted, unanswered_ring: unsteady }, usd_per_million });
    expect(section).toContain('Not the same in all of them: `sqs.ring.requests`.');
  });
});

describe('the counts of a usage', () => {
  it('leave out what depends on time', () => {
    expect(countsOf(USAGE)).toEqual({
      'dynamodb.call.writes': 2,
      'dynamodb.call.write_units': 3,
      'dynamodb.trace.writes': 1,
      'dynamodb.trace.write_units': 1,
      'dynamodb.trace.reads': 4,
      'dynamodb.trace.read_units': 2,
      'sqs.ring.requests': 3,
      'sqs.ring.messages': 1,
      'lambda.ring.invocations': 2,
      'lambda.ring.log_events': 4,
      'websocket.messages_in': 4,
      'websocket.messages_out': 6,
      'websocket.connections': 2,
    });
  });

  it('differ if one usage has another count, or none', () => {
    expect(differing([{ a: 1, b: 2 }, { a: 1, b: 3 }, { a: 1 }])).toEqual(['b']);
  });
});

describe('the budget', () => {
  const text = JSON.stringify({ one: { a: 1, b: 2 }, two: { a: 5, b: 2 } }, undefined, 2);

  it('is kept if every count equals the budget', () => {
    expect(breaches('budget.json', text, 'two', { a: 5, b: 2 })).toEqual([]);
  });

  it('is broken by a higher, a lower or an unknown count, and the line of that count is named', () => {
    expect(breaches('budget.json', text, 'two', { a: 6, c: 1 })).toEqual([
      'budget.json:7 "a" of two: 5 budgeted, 6 counted, over budget',
      'budget.json:8 "b" of two: 2 budgeted, 0 counted, under budget: lower it, so that it stays lower',
      'budget.json:6 "c" of two: 0 budgeted, 1 counted, over budget',
    ]);
  });
});
