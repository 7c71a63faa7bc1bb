import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmProps, Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkQueueProps {
  readonly alarms: Alarms;
  /** How long a message that failed, or whose worker crashed, stays away. */
  readonly visibility: Duration;
  /** How many messages one invocation takes. */
  readonly batchSize: number;
  /** What a message in the dead-letter queue means. */
  readonly dead: Pick<AlarmProps, 'severity' | 'impact' | 'runbook'>;
}

/** How often a message is tried before it is set aside. */
const MAX_RECEIVES = 5;

/** A queue with its dead-letter queue and the alarm on it. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #batchSize: number;

  constructor(scope: Construct, id: string, { alarms, visibility, batchSize, dead }: WorkQueueProps) {
    super(scope, id);
    const safe = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetters = new Queue(this, 'Dead', { ...safe, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...safe,
      visibilityTimeout: visibility,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.#batchSize = batchSize;
    alarms.add(`${id}Dead`, {
      ...dead,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 0,
    });
  }

  /** Has `worker` work the queue off, each message on its own. */
  workedBy(worker: ServiceFunction): void {
    worker.addEventSource(
      new SqsEventSource(this.queue, { batchSize: this.#batchSize, reportBatchItemFailures: true }),
    );
  }
}
