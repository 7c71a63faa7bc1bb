import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SECOND_MS } from '#domain/time.ts';
import type { Queue } from '#ports/queues.ts';
import { insistent } from '../aws/client-settings.ts';

/** The most messages that SQS takes in one request. */
const BATCH = 10;

/** SQS delays a message by whole seconds, at most this many. */
const MAX_DELAY_S = 900;

/** What a function sends to all of its queues by. */
export const sqsClient = (): SQSClient => new SQSClient(insistent());

/** The group of a message, in which messages come one after the other, and the id by which SQS leaves out one that it has. */
export interface Place {
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** A queue of JSON messages in SQS with groups. It cannot keep back single messages: `delayMs` is not taken. */
export const sqsFifoQueue = <Job>(
  sqs: SQSClient,
  url: string,
  placeOf: (job: Job) => Place,
): { send(jobs: readonly Job[]): Promise<void> } => ({
  async send(jobs) {
    await Promise.all(
      jobs.map((job) =>
        sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(job), ...placeOf(job) })),
      ),
    );
  },
});

/** A queue of JSON messages in SQS. */
export function sqsQueue<Job>(sqs: SQSClient, url: string): Queue<Job> {
  const sendBatch = async (jobs: readonly Job[], DelaySeconds: number): Promise<void> => {
    const Entries = jobs.map((job, i) => ({ Id: String(i), MessageBody: JSON.stringify(job), DelaySeconds }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    if (Failed.length > 0)
      throw new Error(`SQS refused ${Failed.length} of ${jobs.length} messages: ${Failed[0]?.Code}`);
  };
  return {
    async send(jobs, delayMs = 0) {
      const delay = Math.min(Math.ceil(delayMs / SECOND_MS), MAX_DELAY_S);
      const batches = Array.from({ length: Math.ceil(jobs.length / BATCH) }, (_, i) =>
        jobs.slice(i * BATCH, (i + 1) * BATCH),
      );
      await Promise.all(batches.map((batch) => sendBatch(batch, delay)));
    },
  };
}
