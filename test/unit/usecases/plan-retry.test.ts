import fc from 'fast-check';
import { expect, it } from 'vitest';
import { later } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import { NOON } from '#test/support/builders.ts';
import { planRetry } from '#usecases/push/plan-retry.ts';

const again = (attempt: number): RingJob => ({
  type: 'retry',
  cid: 'default:c',
  userId: 'bob',
  ringId: 'r',
  pushTokenKey: 'd',
  attempt,
});

/** When the attempts are made, in s after the first, at a service that always answers `outcome`; a queue waits whole seconds. */
async function attempts(ringMs: number, outcome: PushOutcome, random: () => number): Promise<number[]> {
  const expiresAt = later(NOON, ringMs);
  const made = [0];
  let now = NOON;
  for (;;) {
    const queue = { send: async () => undefined };
    const deps = { ringJobs: queue, clock: () => now, meter: { record: () => undefined }, random };
    const waitMs = await planRetry(deps)({ outcome, attempt: made.length, expiresAt, again });
    if (waitMs === undefined) return made;
    now = later(now, Math.ceil(waitMs / 1000) * 1000);
    made.push((now - NOON) / 1000);
  }
}

const down: PushOutcome = { kind: 'retryable', status: 503, reason: 'UNAVAILABLE' };

it('tries again after a second, then ever later, to the end of the ring and not past it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5000, max: 180_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (ringMs, r) => {
        const made = await attempts(ringMs, down, () => r);
        expect(made[1]).toBe(1);
        expect(made.length).toBeLessThanOrEqual(10);
        expect((made.at(-1) ?? 0) * 1000).toBeLessThanOrEqual(ringMs + 1000);
        expect((made.at(-1) ?? 0) * 1000).toBeGreaterThanOrEqual(ringMs * 0.4);
      },
    ),
  );
});

it('waits as long as the service asks for, and gives up where that is past the ring', async () => {
  expect(await attempts(20_000, { ...down, retryAfterMs: 8000 }, () => 0)).toEqual([0, 8, 16]);
  expect(await attempts(5000, { ...down, retryAfterMs: 8000 }, () => 0)).toEqual([0]);
});
