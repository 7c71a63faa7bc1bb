import type { DynamoDBRecord } from 'aws-lambda';
import { committedBy, type StreamedWrite } from '#adapters/dynamodb/committed.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraces } from '#adapters/dynamodb/trace-store.ts';
import { eventBus } from '#adapters/eventbridge/bus.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { webhookSink } from '#adapters/webhooks/webhook-sink.ts';
import { once } from '#domain/once.ts';
import type { Committed } from '#ports/report.ts';
import { tellBackend } from '#usecases/reports/tell-backend.ts';
import { readEnv } from '../entry/env.ts';
import { reportUnreadable } from '../observe/unreadable-row.ts';
import type { Unreadable } from '../stream/stream-handler.ts';
import { eventsEnv } from './config.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { webhooksOf } from './webhook-wiring.ts';
import { clock, pause } from './wiring.ts';

/** What the events function does. It is in a file of its own so that no other function bundles the client of EventBridge. */
export const eventsUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(eventsEnv);
  const table = dynamoTable(env.TABLE_NAME, clock, reportUnreadable);
  const sqs = sqsClient();
  const aside = sqsQueue<Unreadable>(sqs, env.UNREAD_QUEUE_URL);
  const webhooks = webhookSink({ webhooks: webhooksOf(env), deliveries: deliveryQueue(sqs, env.WEBHOOK_QUEUE_URL) });
  return {
    tellBackend: tellBackend({
      traces: dynamoTraces(table),
      clock,
      wait: pause,
      sinks: [eventBus({ bus: env.EVENT_BUS, wait: pause }), webhooks],
    }),
    putAside: (unreadable: Unreadable) => aside.send([unreadable]),
  };
});

/** What a record of the table's stream means for the app's backend. It throws if the record cannot be read. */
export const readCommitted = ({ dynamodb = {} }: DynamoDBRecord): Committed | undefined =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Lambda's types of an image and the SDK's differ in binary values, which no such row has
  committedBy(dynamodb as StreamedWrite);
