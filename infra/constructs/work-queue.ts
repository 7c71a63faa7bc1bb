import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmProps, Alarms } from './alarms.ts';
import { FAILED_MESSAGES } from './logs-insights.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkQueueProps {
  readonly alarms: Alarms;
  /** How long a message stays hidden after it failed or its function crashed. */
  readonly visibility: Duration;
  /** How many invocations it may cause at once, so that a push service that hangs does not use up the account. @default as many as the account allows */
  readonly maxConcurrency?: number;
  /** Whether messages of one group come one after the other; its dead letters are in a queue of the same kind. @default no groups */
  readonly fifo?: true;
  /** @default 10 */
  readonly batchSize?: number;
  /** What a message in the dead-letter queue means, and what to ask the logs of the function then. @default which messages failed */
  readonly deadLetterAlarm: Pick<AlarmProps, 'severity' | 'impact' | 'runbook'> & { readonly query?: string };
}

/** How often a message is received before it becomes a dead letter. */
const MAX_RECEIVES = 5;

/**
 * How many messages one invocation takes at most; it works on them side by side. In quiet times Lambda polls a queue with
 * two pollers, and each waits for its invocation, so with one message each only two phones would ring at a time.
 */
const BATCH_SIZE = 10;

/** A queue, its dead-letter queue, and the alarm on that. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #id: string;
  readonly #props: WorkQueueProps;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { visibility, fifo } = props;
    this.#id = id;
    this.#props = props;
    const security = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...(fifo && { fifo }) };
    this.deadLetters = new Queue(this, 'Dead', { ...security, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...security,
      visibilityTimeout: visibility,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }

  /** Invokes `lambda` with the messages; one that fails does not bring back the rest of its batch. */
  consumedBy(lambda: ServiceFunction): void {
    const { alarms, maxConcurrency, batchSize = BATCH_SIZE, deadLetterAlarm } = this.#props;
    const { query = FAILED_MESSAGES, ...texts } = deadLetterAlarm;
    alarms.add(`${this.#id}Dead`, {
      ...texts,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 0,
      logs: { groups: [lambda.logGroup], query },
    });
    lambda.live.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      }),
    );
  }
}
