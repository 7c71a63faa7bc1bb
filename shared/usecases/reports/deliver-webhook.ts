import { type Clock, type EpochMs, HOUR_MS, later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Queue } from '#ports/queues.ts';
import type { WebhookLog } from '#ports/webhook-log.ts';
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
  /** What people look at. */
  readonly log: Pick<WebhookLog, 'record' | 'isTaken'>;
  readonly clock: Clock;
  /** Hears of every try that failed; `retryMs`: how soon there is another one. */
  readonly onFailure: (failure: {
    readonly delivery: Delivery;
    readonly fault: string;
    readonly retryMs: number | undefined;
  }) => void;
}

/** Calls a webhook once. If that fails, another try follows later, and nothing waits for it. */
export const deliverWebhook = (deps: DeliverWebhookDeps) => {
  const { webhooks, caller, log, clock } = deps;
  return async (delivery: Delivery): Promise<void> => {
    const webhook = (await webhooks.all()).find(({ key }) => key === delivery.webhook);
    // Its operator has taken it out.
    if (!webhook) return;
    // Somebody may have had it sent again, and it was taken.
    if ((delivery.attempt > 1 || isReplay(delivery)) && (await log.isTaken(delivery))) return;
    const tried = await caller.call(webhook, delivery);
    const at = clock();
    const retryMs =
      tried.kind === 'failed' ? await afterFailure(deps, { delivery, fault: tried.fault, at }) : undefined;
    await log.record({ delivery, host: new URL(webhook.url).host, tried, at, retryMs });
  };
};

const isReplay = ({ replays }: Delivery): boolean => replays !== undefined;

/** Has a webhook tried again that failed, and returns how soon; or, if it was tried often enough, makes it a dead letter. */
async function afterFailure(
  { pauses, dead, onFailure }: DeliverWebhookDeps,
  { delivery, fault, at }: { readonly delivery: Delivery; readonly fault: string; readonly at: EpochMs },
): Promise<number | undefined> {
  const retryMs = isReplay(delivery) ? undefined : PAUSES_MS[delivery.attempt - 1];
  onFailure({ delivery, fault, retryMs });
  if (retryMs !== undefined) {
    const next = { ...delivery, attempt: delivery.attempt + 1 };
    await pauses.send([{ delivery: next, due: later(at, retryMs) }], retryMs);
  } else if (!isReplay(delivery)) await dead.send([delivery]);
  return retryMs;
}

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
