import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { described, log } from '../observe/log.ts';

/** Works off a batch of messages, each on its own: one that fails comes back alone, a malformed one ends in the dead-letter queue. */
export const queueHandler =
  <Schema extends z.ZodType>(
    schema: Schema,
    work: () => (job: z.output<Schema>, redelivered: boolean) => Promise<void>,
  ) =>
  async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      Records.map(async (record) => {
        try {
          await work()(schema.parse(jsonOf(record.body)), isRedelivered(record));
          return [];
        } catch (error) {
          log.error('message failed', { message_id: record.messageId, error: described(error) });
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // JSON.parse quotes the text in its message, and a body is never logged.
    throw new Error('the message is not JSON');
  }
}

/** Whether an earlier delivery of the message did not end well. */
const isRedelivered = ({ attributes }: SQSRecord): boolean => Number(attributes.ApproximateReceiveCount) > 1;
