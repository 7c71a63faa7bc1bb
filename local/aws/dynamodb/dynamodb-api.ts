import { Agent, request as ask } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isObject, parseBody } from '../../json.ts';
import { readBody } from '../http-messages.ts';
import type { Access } from '../iam/roles.ts';
import type { InternalService } from '../internal-server.ts';

/** How the header `x-amz-target` of a request to DynamoDB begins; the operation follows. */
export const TARGET = 'DynamoDB_20120810.';

/** Whether a request is for DynamoDB. */
export const asksDynamodb: InternalService['matches'] = ({ headers }) =>
  String(headers['x-amz-target']).startsWith(TARGET);

/** DynamoDB as the functions see it: the engine at `engineUrl`, which knows no rights. */
export function dynamodbApi(engineUrl: string): InternalService {
  const agent = new Agent({ keepAlive: true });
  return {
    matches: asksDynamodb,
    async handle(request, response) {
      const body = await readBody(request);
      const outgoing = ask(engineUrl, { agent, method: 'POST', headers: request.headers });
      const answered = new Promise<void>((resolve, reject) => {
        outgoing.on('error', reject).on('response', (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          pipeline(answer, response).then(resolve, reject);
        });
      });
      outgoing.end(body);
      return answered;
    },
  };
}

/** What a request does to which tables and indexes. `arnOf` gives the ARN of a table by its name. */
export const tableAccesses =
  (arnOf: (tableName: string) => string) =>
  (target: unknown, text: string): Access[] => {
    const operation = String(target).slice(TARGET.length);
    const body = parseBody(text);
    if (!isObject(body)) return [];
    const on = (table: unknown, action = operation, index?: unknown): Access => ({
      action: `dynamodb:${action}`,
      resource: `${arnOf(String(table))}${typeof index === 'string' ? `/index/${index}` : ''}`,
    });
    if (Array.isArray(body['TransactItems']))
      // Each part of a transaction needs the right for what it does.
      return body['TransactItems'].flatMap((item: object) =>
        Object.entries(item).map(([action, { TableName }]) =>
          on(
            TableName,
            { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', Get: 'GetItem' }[action] ??
              'ConditionCheckItem',
          ),
        ),
      );
    if (isObject(body['RequestItems'])) return Object.keys(body['RequestItems']).map((table) => on(table));
    return [on(body['TableName'], operation, body['IndexName'])];
  };
