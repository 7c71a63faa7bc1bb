import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ServiceError } from '#domain/errors.ts';

/** The errors of a table that is well and has too much to do at the moment. The SDK has tried again by itself before it throws one. */
const PASSING: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TransactionInProgressException',
  'TransactionConflictException',
]);

/** Makes a throttled request `contended`, so that whoever asked is told to try again. */
export function contendWhenThrottled(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && PASSING.has(error.name))
          throw new ServiceError('contended', 'there is too much to do at the moment: try again', { cause: error });
        throw error;
      }
    },
    { step: 'initialize', name: 'contendWhenThrottled' },
  );
  return client;
}
