import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmProps, Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkQueueProps {
  readonly alarms: Alarms;
  /** How long a message stays hidden after it failed or its function crashed. */
  readonly visibility: Duration;
  /** How many messages one invocation takes. */
  readonly batchSize: number;
  /** What a message in the dead-letter queue means. */
  readonly deadLetterAlarm: Pick<AlarmProps, 'severity' | 'impact' | 'runbook'>;
}

/** How often a message is received before it becomes a dead letter. */
const MAX_RECEIVES = 5;

/** A queue, its dead-letter queue, and the alarm on that. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #batchSize: number;

  constructor(scope: Construct, id: string, { alarms, visibility, batchSize, deadLetterAlarm }: WorkQueueProps) {
    super(scope, id);
    const security = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetters = new Queue(this, 'Dead', { ...security, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...security,
      visibilityTimeout: visibility,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.#batchSize = batchSize;
    alarms.add(`${id}Dead`, {
      ...deadLetterAlarm,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 0,
    });
  }

  /** Invokes `lambda` with the messages; one that fails does not bring back the rest of its batch. */
  consumedBy(lambda: ServiceFunction): void {
    lambda.addEventSource(
      new SqsEventSource(this.queue, { batchSize: this.#batchSize, reportBatchItemFailures: true }),
    );
  }
}
