import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Middleware } from '../entry/entry-point.ts';
import { described, log } from '../observe/log.ts';

const name = 'partial-batch';

export type Batch = Pick<SQSEvent, 'Records'>;

/** Tells SQS which records to deliver again. The handler returns how each record ended. */
export const partialBatch = (): Middleware<Batch> => ({
  name,
  after(request) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- middy does not relate a handler's result to its middlewares
    const settled = request.response as readonly PromiseSettledResult<void>[];
    const response: SQSBatchResponse = {
      batchItemFailures: request.event.Records.flatMap(({ messageId }, i) => {
        const result = settled[i];
        if (result?.status !== 'rejected') return [];
        log.error('message failed', { message_id: messageId, error: described(result.reason) });
        return [{ itemIdentifier: messageId }];
      }),
    };
    request.response = response;
  },
});
