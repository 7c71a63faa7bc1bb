import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { type EntryPoint, entryPoint } from '../entry/entry-point.ts';
import { inTime } from '../entry/in-time.ts';
import { logContext } from '../entry/log-context.ts';
import { measureErrors } from '../entry/measure-errors.ts';
import { seal } from '../entry/seal.ts';
import { type Batch, partialBatch } from './partial-batch.ts';

/** How a job came. */
export interface Delivery {
  /** An earlier delivery of the same message did not end well. */
  readonly redelivered: boolean;
  /** Aborted shortly before Lambda ends the invocation; then the job is delivered again. */
  readonly signal: AbortSignal;
}

/** Does one job. */
export type JobHandler<Job> = (job: Job, delivery: Delivery) => Promise<void>;

export interface QueueHandlerOptions<Schema extends z.ZodType> {
  readonly job: Schema;
  readonly work: JobHandler<z.output<Schema>>;
  readonly early: () => unknown;
}

/** Handles a batch of messages, each on its own: one that fails comes back alone, and a malformed one ends in the dead-letter queue. */
export const queueHandler = <Schema extends z.ZodType>({
  job,
  work,
  early,
}: QueueHandlerOptions<Schema>): EntryPoint<Batch, SQSBatchResponse> =>
  entryPoint(
    ({ Records }: Batch, signal) =>
      Promise.allSettled(
        Records.map(async (record) => {
          const delivery = { redelivered: isRedelivered(record), signal };
          await inTime(work(job.parse(jsonOf(record.body)), delivery), signal);
        }),
      ),
    { early, use: [logContext(), seal(), measureErrors(), partialBatch()] },
  );

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // JSON.parse quotes the text in its message, and a body is never logged.
    throw new Error('the message is not JSON');
  }
}

const isRedelivered = ({ attributes }: SQSRecord): boolean => Number(attributes.ApproximateReceiveCount) > 1;
