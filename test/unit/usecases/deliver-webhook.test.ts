import { beforeEach, describe, expect, it } from 'vitest';
import { type EpochMs, later } from '#domain/time.ts';
import type { Delivery, Tried } from '#ports/webhooks.ts';
import { deliverWebhook, endPause, PAUSES_MS, type Pause } from '#usecases/reports/deliver-webhook.ts';
import { NOON } from '../../support/builders.ts';

const WEBHOOK = { key: 'w', url: 'https://example.com', secrets: ['whsec_c2VjcmV0'] };
const FIRST: Delivery = { webhook: 'w', id: 'evt_1', body: '{}', attempt: 1 };

let now: EpochMs;
let answer: Tried;
let called: number[];
let deliveries: Delivery[];
let pauses: { pause: Pause; delayMs: number }[];
let dead: Delivery[];
let failures: unknown[];
beforeEach(() => {
  [now, called, deliveries, pauses, dead, failures] = [NOON, [], [], [], [], []];
  answer = { kind: 'failed', fault: 'status 500' };
});

const deps = () => ({
  webhooks: { all: async () => [WEBHOOK] },
  caller: {
    call: async (_: unknown, { attempt }: Delivery) => {
      called.push(attempt);
      return answer;
    },
  },
  deliveries: { send: async (jobs: readonly Delivery[]) => void deliveries.push(...jobs) },
  pauses: {
    send: async ([pause]: readonly Pause[], delayMs = 0) => void (pause && pauses.push({ pause, delayMs })),
  },
  dead: { send: async (jobs: readonly Delivery[]) => void dead.push(...jobs) },
  clock: () => now,
  onFailure: (failure: unknown) => failures.push(failure),
});

describe('a webhook', () => {
  it('that takes an event is called once', async () => {
    answer = { kind: 'taken' };
    await deliverWebhook(deps())(FIRST);
    expect([called, pauses, dead, failures]).toEqual([[1], [], [], []]);
  });

  it('that never does is called ten times in 15 h 43 min, and then is a dead letter', async () => {
    let next: Delivery | undefined = FIRST;
    while (next) {
      await deliverWebhook(deps())(next);
      const paused = pauses.shift();
      next = undefined;
      if (!paused) break;
      now = later(now, paused.delayMs);
      // SQS keeps a message back for 15 minutes at most: a longer pause comes back before it is over.
      await endPause(deps())(paused.pause);
      next = deliveries.shift();
    }
    expect(called).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(now - NOON).toBe(PAUSES_MS.reduce((sum, ms) => sum + ms));
    expect(dead).toEqual([{ ...FIRST, attempt: 10 }]);
    expect(failures).toHaveLength(10);
    expect(failures[9]).toMatchObject({ retryMs: undefined, fault: 'status 500' });
  });

  it('is not called before a pause is over', async () => {
    const pause = { delivery: FIRST, due: later(NOON, 3_600_000) };
    await endPause(deps())(pause);
    expect(deliveries).toEqual([]);
    expect(pauses).toEqual([{ pause, delayMs: 3_600_000 }]);
    now = pause.due;
    await endPause(deps())(pause);
    expect(deliveries).toEqual([FIRST]);
  });

  it('that is not configured any more is not called', async () => {
    await deliverWebhook(deps())({ ...FIRST, webhook: 'gone' });
    expect([called, dead, pauses]).toEqual([[], [], []]);
  });
});
