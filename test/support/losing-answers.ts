import { DynamoDBDocumentClient, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#adapters/dynamodb/table.ts';

/** The writes that are made again if their answer is lost. A transaction has a token by which DynamoDB knows it again. */
const WRITES: ReadonlySet<string> = new Set(['PutCommand', 'UpdateCommand', 'DeleteCommand']);

/** A table to which the network loses answers: while `loses` says so, what has been written is written again, as the SDK does it. */
export function losingAnswers(table: Table, loses: () => boolean): Table {
  const { db } = table;
  const send = async (command: UpdateCommand): Promise<unknown> => {
    const first: unknown = await db.send(command);
    if (!WRITES.has(command.constructor.name) || !loses()) return first;
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
