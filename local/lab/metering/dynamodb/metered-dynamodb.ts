import { z } from 'zod';
import { asksDynamodb, TARGET } from '../../../aws/dynamodb/dynamodb-api.ts';
import { readBody, sendJson } from '../../../aws/http-messages.ts';
import type { InternalService } from '../../../aws/internal-server.ts';
import type { Usage } from '../usage.ts';
import { batchGetItem, batchWriteItem } from './batch-operations.ts';
import { engineClient } from './engine-client.ts';
import type { Operation } from './operation.ts';
import { getItem, putItem, query, updateOrDelete } from './single-operations.ts';
import { transactWriteItems } from './transact-write.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetItem: getItem,
  PutItem: putItem,
  UpdateItem: updateOrDelete,
  DeleteItem: updateOrDelete,
  Query: query,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  TransactWriteItems: transactWriteItems,
};

/** The parts of an answer that a parameter of the request asks for. */
const ANSWERED: readonly (readonly [parameter: string, answered: string])[] = [
  ['ReturnConsumedCapacity', 'ConsumedCapacity'],
  ['ReturnValuesOnConditionCheckFailure', 'Item'],
];

const json = z.record(z.string(), z.unknown());

/** A proxy in front of the engine at `engineUrl`. It adds what AWS would bill for each request to `usage`. */
export function meteredDynamodb(engineUrl: string, usage: Pick<Usage, 'table'>): InternalService {
  const engine = engineClient(engineUrl);
  return {
    matches: asksDynamodb,
    async handle(request, response) {
      const { headers } = request;
      const name = String(headers['x-amz-target']).slice(TARGET.length);
      const operation = OPERATIONS[name];
      if (!operation) throw new Error(`the meter does not support ${name}`);
      const body = json.parse(JSON.parse(String(await readBody(request))));
      const asked = operation.asks(body);
      const { answer, bills } = await operation.run(body, {
        send: () => engine.call(name, { ...body, ...asked }, headers),
        sizesOf: (tableName, keys) => engine.sizesOf(tableName, keys, headers),
      });
      for (const { kind, is, units } of bills) {
        usage.table.add(kind, is === 'write' ? { writes: 1, write_units: units } : { reads: 1, read_units: units });
      }
      const unwanted = ANSWERED.filter(([parameter]) => parameter in asked && isUnset(body[parameter]));
      const hidden = new Set(unwanted.map(([, answered]) => answered));
      const shown = Object.entries(answer.body).filter(([key]) => !hidden.has(key));
      sendJson(response, answer.status, Object.fromEntries(shown), { 'content-type': 'application/x-amz-json-1.0' });
    },
  };
}

const isUnset = (parameter: unknown): boolean => parameter === undefined || parameter === 'NONE';
