import { type Clock, type EpochMs, HOUR_MS, later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Queue } from '#ports/queues.ts';
import type { Delivery, WebhookCaller, Webhooks } from '#ports/webhooks.ts';

/** A try that is not due yet. */
export interface Pause {
  readonly delivery: Delivery;
  readonly due: EpochMs;
}

/** How long is waited after each try that failed. After the last one nothing is tried any more. */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
];

export interface DeliverWebhookDeps {
  readonly webhooks: Webhooks;
  readonly caller: WebhookCaller;
  readonly pauses: Queue<Pause>;
  /** Those that were tried in vain. */
  readonly dead: Queue<Delivery>;
  readonly clock: Clock;
  /** Hears of every try that failed; `retryMs`: how soon there is another one. */
  readonly onFailure: (failure: {
    readonly delivery: Delivery;
    readonly fault: string;
    readonly retryMs: number | undefined;
  }) => void;
}

/** Calls a webhook once. If that fails, another try follows later, and nothing waits for it. */
export const deliverWebhook =
  ({ webhooks, caller, pauses, dead, clock, onFailure }: DeliverWebhookDeps) =>
  async (delivery: Delivery): Promise<void> => {
    const webhook = (await webhooks.all()).find(({ key }) => key === delivery.webhook);
    // Its operator has taken it out.
    if (!webhook) return;
    const tried = await caller.call(webhook, delivery);
    if (tried.kind === 'taken') return;
    const retryMs = PAUSES_MS[delivery.attempt - 1];
    onFailure({ delivery, fault: tried.fault, retryMs });
    if (retryMs === undefined) await dead.send([delivery]);
    else {
      const next = { ...delivery, attempt: delivery.attempt + 1 };
      await pauses.send([{ delivery: next, due: later(clock(), retryMs) }], retryMs);
    }
  };

export interface EndPauseDeps {
  readonly deliveries: Queue<Delivery>;
  readonly pauses: Queue<Pause>;
  readonly clock: Clock;
}

/** Has a webhook tried again that is due. A queue keeps a message back for a quarter of an hour at most, so a longer pause has several parts. */
export const endPause =
  ({ deliveries, pauses, clock }: EndPauseDeps) =>
  async (pause: Pause): Promise<void> => {
    const left = pause.due - clock();
    if (left >= SECOND_MS) await pauses.send([pause], left);
    else await deliveries.send([pause.delivery]);
  };
