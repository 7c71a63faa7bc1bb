import { beforeEach, describe, expect, it } from 'vitest';
import { type EpochMs, later } from '#domain/time.ts';
import type { LoggedTry } from '#ports/webhook-log.ts';
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
let logged: LoggedTry[];
let isTaken: boolean;
beforeEach(() => {
  [now, called, deliveries, pauses, dead, failures, logged] = [NOON, [], [], [], [], [], []];
  answer = { kind: 'failed', fault: 'status 500', status: 500 };
  isTaken = false;
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
  log: { record: async (one: LoggedTry) => void logged.push(one), isTaken: async () => isTaken },
  clock: () => now,
  onFailure: (failure: unknown) => failures.push(failure),
});

describe('a webhook', () => {
  it('that takes an event is called once', async () => {
    answer = { kind: 'taken', status: 204 };
    await deliverWebhook(deps())(FIRST);
    expect([called, pauses, dead, failures]).toEqual([[1], [], [], []]);
    expect(logged).toEqual([{ delivery: FIRST, host: 'example.com', tried: answer, at: NOON, retryMs: undefined }]);
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
    expect(logged.map(({ delivery, retryMs }) => [delivery.attempt, retryMs])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, PAUSES_MS[i]]),
    );
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
    expect([called, dead, pauses, logged]).toEqual([[], [], [], []]);
  });

  it('that somebody has tried once more is, and nothing follows if that fails', async () => {
    const replay = { ...FIRST, attempt: 3, replays: NOON };
    await deliverWebhook(deps())(replay);
    expect([called, pauses, dead]).toEqual([[3], [], []]);
    expect(logged).toMatchObject([{ delivery: replay, tried: answer }]);
  });

  it.each([
    ['another try', { ...FIRST, attempt: 2 }],
    ['a replay', { ...FIRST, replays: NOON }],
  ])('that has taken the event meanwhile is not called by %s', async (_, delivery) => {
    isTaken = true;
    await deliverWebhook(deps())(delivery);
    expect([called, pauses, dead, logged]).toEqual([[], [], [], []]);
  });
});
