import { Duration, Validations } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvOf, eventsEnv, webhookEnv } from '#kit/wiring/config.ts';
import type { UsedTable } from '../stacks/state-stack.ts';
import type { Stage } from '../stage.ts';
import type { Alarms } from './alarms.ts';
import { FAILED_WEBHOOKS, FAILURES } from './logs-insights.ts';
import { ServiceFunction } from './service-function.ts';
import { addAlarmsOn, type Watched } from './watched-function.ts';
import { WorkQueue } from './work-queue.ts';

export interface BackendEventsProps {
  readonly stage: Stage;
  readonly alarms: Alarms;
  readonly table: UsedTable;
  readonly bus: EventBus;
  /** The secret `webhooks`. */
  readonly webhooks: Secret;
}

/** The rows that the app's backend is told of, by their sort keys: writes of others invoke nothing. */
const REPORTED = [['CALL'], FilterRule.beginsWith('DEVICE#'), FilterRule.beginsWith('GONE#'), ['FAULT']];

/** A stream keeps its records for 24 hours. Within that time nothing is given up. */
const MAX_RECORD_AGE = Duration.hours(23);

/** When all is well a record is worked off within seconds. */
const MAX_ITERATOR_AGE_MS = 300_000;
const MAX_WEBHOOK_AGE_S = 300;

const period = Duration.minutes(1);
const periods = { above: 5, of: 5 };

/** What tells the app's backend: the stream of the table, a function that reads it, and another one that calls webhooks. */
export class BackendEvents extends Construct {
  readonly bus: EventBus;
  /** The secret `webhooks`. */
  readonly webhooks: Secret;
  readonly events: ServiceFunction;
  readonly webhook: ServiceFunction;
  /** First tries at webhooks, and those that are due again. */
  readonly deliveries: WorkQueue;
  /** Tries that are not due yet. */
  readonly pauses: WorkQueue;
  /** Its functions, with their alarms. */
  readonly watched: readonly Watched[];
  /** Records that could not be told. */
  readonly unread: Queue;

  constructor(scope: Construct, id: string, props: BackendEventsProps) {
    super(scope, id);
    const { alarms, stage, table, bus, webhooks } = props;
    this.bus = bus;
    this.webhooks = webhooks;
    const common = { STAGE: stage.name, WEBHOOKS_SECRET: webhooks.secretArn, PRIVATE_NETWORKS: '' };
    this.unread = new Queue(this, 'Unread', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.unread).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where records go that failed for good; nothing reads it but people.',
    });
    this.deliveries = new WorkQueue(scope, 'Webhook', {
      alarms,
      // Each endpoint has groups of its own, and each message an invocation: one that is slow holds up no other.
      fifo: true,
      batchSize: 1,
      visibility: Duration.seconds(11),
      deadLetterAlarm: {
        severity: 'ticket',
        impact: 'Some webhook was tried in vain.',
        runbook: 'webhook-dead-letters',
        query: FAILED_WEBHOOKS,
      },
    });
    this.pauses = new WorkQueue(scope, 'WebhookPause', {
      alarms,
      visibility: Duration.seconds(11),
      deadLetterAlarm: {
        severity: 'ticket',
        impact: 'Some webhook was not tried again.',
        runbook: 'webhook-dead-letters',
      },
    });
    this.events = new ServiceFunction<EnvOf<typeof eventsEnv>>(scope, 'EventsWorker', {
      entry: 'functions/queue/events.ts',
      description: 'Tells the backend what the table has committed',
      timeout: Duration.seconds(30),
      logRetention: stage.logRetentionDays,
      tracing: stage.tracing,
      env: {
        ...common,
        TABLE_NAME: table.tableName,
        EVENT_BUS: bus.eventBusName,
        WEBHOOK_QUEUE_URL: this.deliveries.queue.queueUrl,
        UNREAD_QUEUE_URL: this.unread.queueUrl,
      },
    });
    this.webhook = new ServiceFunction<EnvOf<typeof webhookEnv>>(scope, 'WebhookWorker', {
      entry: 'functions/queue/webhook.ts',
      description: 'Calls webhooks',
      timeout: Duration.seconds(10),
      memoryMb: 256,
      logRetention: stage.logRetentionDays,
      tracing: stage.tracing,
      env: {
        ...common,
        TABLE_NAME: table.tableName,
        WEBHOOK_QUEUE_URL: this.deliveries.queue.queueUrl,
        PAUSE_QUEUE_URL: this.pauses.queue.queueUrl,
        DEAD_QUEUE_URL: this.deliveries.deadLetters.queueUrl,
      },
      // A try that is not due waits longer than SQS delays a message: it goes round until it is.
      recurses: true,
    });
    this.#addEventSources(table);
    this.#grant(props);
    this.watched = this.#addAlarms(alarms);
  }

  #addEventSources({ tableStreamArn: stream }: UsedTable): void {
    if (stream === undefined) throw new Error('the table has no stream');
    this.events.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [stream]);
    this.events.allow(['dynamodb:ListStreams'], ['*']);
    if (this.events.role) {
      Validations.of(this.events.role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Lambda finds the stream by listing all: that action can be allowed only on *.',
      });
    }
    this.events.live.addEventSourceMapping('Stream', {
      eventSourceArn: stream,
      // What was written between the first deployment of the stream and that of the function is told, too.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: new SqsDlq(this.unread),
      filters: REPORTED.map((sk) => FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: sk } } } })),
    });
    this.deliveries.consumedBy(this.webhook);
    this.pauses.consumedBy(this.webhook);
  }

  #grant({ table, bus, webhooks }: BackendEventsProps): void {
    this.events.allow(['dynamodb:Query'], [table.tableArn]);
    this.events.allow(['events:PutEvents'], [bus.eventBusArn]);
    this.events.allow(['sqs:SendMessage'], [this.deliveries.queue.queueArn]);
    this.webhook.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [table.tableArn]);
    this.webhook.allow(
      ['sqs:SendMessage'],
      [this.deliveries.queue, this.pauses.queue, this.deliveries.deadLetters].map(({ queueArn }) => queueArn),
    );
    for (const lambda of [this.events, this.webhook]) {
      lambda.allow(['secretsmanager:GetSecretValue'], [webhooks.secretArn]);
    }
  }

  #addAlarms(alarms: Alarms): Watched[] {
    const events = { severity: 'ticket', impact: 'The backend is not told of calls, or late.' } as const;
    const onEvents = addAlarmsOn(alarms, { name: 'EventsWorker', lambda: this.events, ...events });
    const onWebhook = addAlarmsOn(alarms, {
      name: 'WebhookWorker',
      lambda: this.webhook,
      severity: 'ticket',
      impact: 'Webhooks are late.',
    });
    const logs = { groups: [this.events.logGroup], query: FAILURES };
    alarms.add('EventsOld', {
      ...events,
      metric: this.events.metric('IteratorAge', { statistic: 'Maximum', period }),
      threshold: MAX_ITERATOR_AGE_MS,
      periods,
      runbook: 'events-iterator-age',
      logs,
    });
    alarms.add('WebhooksOld', {
      severity: 'ticket',
      impact: 'Webhooks wait for their first try.',
      metric: this.deliveries.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period }),
      threshold: MAX_WEBHOOK_AGE_S,
      periods,
      runbook: 'webhooks-age',
      logs: { groups: [this.webhook.logGroup], query: FAILED_WEBHOOKS },
    });
    alarms.add('EventsUnread', {
      severity: 'ticket',
      impact: 'The backend was not told of something.',
      metric: this.unread.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period }),
      threshold: 0,
      runbook: 'events-unread',
      logs,
    });
    return [onEvents, onWebhook];
  }
}
