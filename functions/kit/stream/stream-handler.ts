import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type EntryPoint, entryPoint } from '../entry/entry-point.ts';
import { inTime } from '../entry/in-time.ts';
import { logContext } from '../entry/log-context.ts';
import { measureErrors } from '../entry/measure-errors.ts';
import { seal } from '../entry/seal.ts';
import { described, log } from '../observe/log.ts';

/** A record of a stream that nobody can read: it is put aside, and what comes behind it goes on. */
export interface Unreadable {
  readonly eventId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly pk: string;
  readonly sk: string;
  readonly reason: string;
}

export interface StreamHandlerOptions<Work> {
  /** What a record means; undefined: nothing. It throws if the record cannot be read, now or ever. */
  readonly read: (record: DynamoDBRecord) => Work | undefined;
  readonly work: (work: Work) => Promise<void>;
  readonly putAside: (unreadable: Unreadable) => Promise<void>;
  readonly early: () => unknown;
}

/**
 * Handles the records of a table's stream: those of one partition one after the other, since their order is that of the
 * writes, and partitions side by side. A record that fails comes back, with everything behind it in the batch.
 */
export const streamHandler = <Work>({
  read,
  work,
  putAside,
  early,
}: StreamHandlerOptions<Work>): EntryPoint<DynamoDBStreamEvent, DynamoDBBatchResponse> => {
  const handle = async (record: DynamoDBRecord): Promise<void> => {
    let found: Work | undefined;
    try {
      found = read(record);
    } catch (error) {
      const about = described(error);
      const unreadable = { ...idsOf(record), reason: String(about['message']) };
      log.error('a record of the stream is unreadable', { ...unreadable, error: about });
      await putAside(unreadable);
      return;
    }
    if (found !== undefined) await work(found);
  };

  /** The sequence number of the first record that failed, if one did. */
  const handleInOrder = async (
    records: readonly DynamoDBRecord[],
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    for (const record of records) {
      try {
        await inTime(handle(record), signal);
      } catch (error) {
        log.error('a record of the stream failed', { ...idsOf(record), error: described(error) });
        return record.dynamodb?.SequenceNumber ?? '';
      }
    }
    return undefined;
  };

  return entryPoint(
    async ({ Records }: DynamoDBStreamEvent, signal): Promise<DynamoDBBatchResponse> => {
      const partitions = Object.values(Object.groupBy(Records, ({ dynamodb }) => String(dynamodb?.Keys?.['pk']?.S)));
      const failed = await Promise.all(partitions.map((records = []) => handleInOrder(records, signal)));
      return {
        batchItemFailures: failed.flatMap((itemIdentifier) =>
          itemIdentifier === undefined ? [] : [{ itemIdentifier }],
        ),
      };
    },
    { early, use: [logContext(), seal(), measureErrors()] },
  );
};

const idsOf = ({ eventID, dynamodb }: DynamoDBRecord): Omit<Unreadable, 'reason'> => ({
  eventId: eventID,
  sequenceNumber: dynamodb?.SequenceNumber,
  pk: dynamodb?.Keys?.['pk']?.S ?? '',
  sk: dynamodb?.Keys?.['sk']?.S ?? '',
});
