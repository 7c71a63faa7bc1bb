import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoWebhookLog } from '#adapters/dynamodb/webhook-log.ts';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import { reachable } from '#adapters/outgoing/networks.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { httpsWebhooks } from '#adapters/webhooks/https-webhooks.ts';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';
import { once } from '#domain/once.ts';
import type { WebhookLog } from '#ports/webhook-log.ts';
import type { Webhooks } from '#ports/webhooks.ts';
import { deliverWebhook, endPause, type Pause } from '#usecases/reports/deliver-webhook.ts';
import { readEnv } from '../entry/env.ts';
import { described, log } from '../observe/log.ts';
import { reportUnreadable } from '../observe/unreadable-row.ts';
import { webhookEnv } from './config.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { clock } from './wiring.ts';

/** The webhooks of the stage, read anew every five minutes. */
export const webhooksOf = (env: {
  readonly WEBHOOKS_SECRET: string;
  readonly PRIVATE_NETWORKS: readonly string[];
}): Webhooks =>
  webhookBook({
    read: () => readSecret(env.WEBHOOKS_SECRET),
    mayReach: reachable(env.PRIVATE_NETWORKS),
    onFault: (fault) => log.error('a webhook is not usable', { fault }),
  });

/** What people look at must not fail a delivery, nor have it come twice. */
const besideTheWork = (kept: WebhookLog): Pick<WebhookLog, 'record' | 'isTaken'> => {
  const lost = (error: unknown): void => log.warn('the log of webhooks failed', { error: described(error) });
  return {
    record: (one) => kept.record(one).catch(lost),
    isTaken: (delivery) =>
      kept.isTaken(delivery).catch((error: unknown) => {
        lost(error);
        return false;
      }),
  };
};

/** What the webhook function does. */
export const webhookUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(webhookEnv);
  const sqs = sqsClient();
  const deps = {
    webhooks: webhooksOf(env),
    caller: httpsWebhooks({ outgoing: guardedRequests(env.PRIVATE_NETWORKS), clock }),
    deliveries: deliveryQueue(sqs, env.WEBHOOK_QUEUE_URL),
    pauses: sqsQueue<Pause>(sqs, env.PAUSE_QUEUE_URL),
    dead: deliveryQueue(sqs, env.DEAD_QUEUE_URL),
    log: besideTheWork(dynamoWebhookLog(dynamoTable(env.TABLE_NAME, clock, reportUnreadable))),
    clock,
    onFailure: ({ delivery: { webhook, id, attempt }, fault, retryMs }: Parameters<FailureLog>[0]) =>
      log.warn('a webhook failed', { webhook, event_id: id, attempt, fault, retry_in_ms: retryMs }),
  };
  return { deliver: deliverWebhook(deps), endPause: endPause(deps) };
});

type FailureLog = Parameters<typeof deliverWebhook>[0]['onFailure'];
