import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoWebhookLog } from '#adapters/dynamodb/webhook-log.ts';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import { reachable } from '#adapters/outgoing/networks.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { sqsClient, sqsFifoQueue, sqsQueue } from '#adapters/sqs/queue.ts';
import { httpsWebhooks } from '#adapters/webhooks/https-webhooks.ts';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';
import { once } from '#domain/once.ts';
import type { WebhookLog } from '#ports/webhook-log.ts';
import type { Delivery, Webhooks } from '#ports/webhooks.ts';
import { deliverWebhook, endPause, type Pause } from '#usecases/reports/deliver-webhook.ts';
import { readEnv } from '../entry/env.ts';
import { described, log } from '../observe/log.ts';
import { reportUnreadable } from '../observe/unreadable-row.ts';
import { webhookEnv } from './config.ts';
import { clock } from './wiring.ts';

/**
 * In how many groups the tries at one webhook are, each of which is worked off one by one: so many invocations it keeps
 * busy at most, also if it never answers. They are few, so that dead webhooks do not take a small account's invocations.
 */
const GROUPS = 2;

/** The group of a try: all first tries about one call are in one, and so in the order of `version`. */
export function groupOf({ webhook, id, body }: Delivery): string {
  const { call_cid: about = id } = Object(JSON.parse(body));
  const [first = 0] = createHash('sha256').update(String(about)).digest();
  return `${webhook}-${first % GROUPS}`;
}

/** A queue of tries. */
export const deliveryQueue = (sqs: SQSClient, url: string) =>
  sqsFifoQueue<Delivery>(sqs, url, (delivery) => ({
    MessageGroupId: groupOf(delivery),
    MessageDeduplicationId: `${delivery.webhook}-${delivery.id}-${delivery.attempt}`,
  }));

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
