import { DynamoDBDocumentClient, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#adapters/dynamodb/table.ts';

/** The writes that are made again if their answer is lost. A transaction has a token by which DynamoDB knows it again. */
const WRITES: ReadonlySet<string> = new Set(['PutCommand', 'UpdateCommand', 'DeleteCommand']);

/** What becomes of the first attempt at a write: its answer is lost, or the table throttles it and never does it. */
export type Mishap = 'lost answer' | 'throttled';

/**
 * A table at which first attempts fail as `mishap` says, so that the SDK makes a second one. `meanwhile` is what others do
 * between the two.
 */
export function losingAnswers(
  table: Table,
  mishap: () => Mishap | undefined,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Table {
  const { db } = table;
  const send = async (command: UpdateCommand): Promise<unknown> => {
    const happens = WRITES.has(command.constructor.name) ? mishap() : undefined;
    if (!happens) return db.send(command);
    if (happens === 'lost answer') await db.send(command);
    await meanwhile();
    const $metadata = { attempts: 2 };
    return db.send(command).then(
      (answer: object) => Object.assign(answer, { $metadata }),
      (error: unknown) => {
        throw Object.assign(Object(error), { $metadata });
      },
    );
  };
  // The paginator of the SDK asks for an instance of its client.
  return { ...table, db: Object.assign(Object.create(DynamoDBDocumentClient.prototype), { config: db.config, send }) };
}
