import type * as z from 'zod';
import { callPath, userPath } from '#wire/rest/requests.ts';
import { nameOfSchema, reachable, refTo, schemas } from './json-schemas.ts';
import { refusalComponents, refusalsOf } from './refusals.ts';
import { chapters, type Documented, documented } from './rest/chapters.ts';
import type { Answer } from './rest/described.ts';
import * as sample from './samples.ts';

export const REST_DESCRIPTION = [
  'Carillon wakes phones and makes them ring. This is its REST API. The WebSocket and the keys of a push are in `/asyncapi.json`.',
  'Ignore fields that you do not know: later versions add some. The server leaves optional fields out, and never writes null for them. In what you send, null counts as left out, except inside `custom` and in candidates; so does an empty query parameter. Times are ISO 8601 in UTC.',
  'The server ignores unknown fields of a request. A body is JSON of at most 64 KiB. If all its fields are optional, the body is, too.',
  'With a server token, `?user_id=` names the user that it acts for; with an operator token, the user who is looked at. With a login token, `?user_id=` may only name the token’s own user.',
  'A request that changes a call also causes events over the WebSocket. The event may arrive before the answer to the request.',
  'Errors are `application/problem+json` with a stable `code`. API Gateway itself may answer 413, 429, 500 and 503, with `{"message"}`.',
].join('\n\n');

/** The REST API as OpenAPI 3.1. */
export function openApi(version: string): object {
  const byPath = Object.entries(Object.groupBy(documented, ({ operation }) => operation.path));
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Carillon',
      version,
      description: REST_DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: chapters.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(byPath.map(([path, all = []]) => [path, Object.fromEntries(all.map(methodObject))])),
  };
  const components = {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    parameters: { userId: USER_ID },
    ...refusalComponents(documented),
  };
  return { ...document, components: { ...components, schemas: reachable([document, components]) } };
}

const USER_ID = {
  name: 'user_id',
  in: 'query',
  description: 'With a server token: the user that it acts for. With an operator token: the user who is looked at.',
  schema: refTo('UserId'),
};

function methodObject(one: Documented): [method: string, object] {
  const { id, operation, chapter, summary } = one;
  const parameters = parametersOf(one);
  const described = {
    operationId: id,
    tags: [chapter],
    summary,
    description: inWords(one),
    security: operation.kinds.length > 0 ? [{ bearer: [] }] : [],
    'x-carillon-token-kinds': operation.kinds,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && { requestBody: requestBody(operation.body(), one) }),
    responses: { ...answersOf(one), ...refusalsOf(one.refusals) },
  };
  return [operation.method.toLowerCase(), described];
}

/** An operation in words, with the tokens that it takes. */
export const inWords = ({ description, operation: { kinds } }: Documented): string =>
  [description, kinds.length > 0 ? `Takes a ${kindList.format(kinds)} token.` : 'Takes no token.']
    .filter(Boolean)
    .join('\n\n');

const kindList = new Intl.ListFormat('en-GB', { type: 'disjunction' });

function parametersOf({ operation, path = sample.PATH, query = {} }: Documented): object[] {
  const pathSchema = operation.path.includes('{user_id}') ? userPath() : (operation.params ?? callPath)();
  const inPath = operation.path.includes('{') ? fieldsOf(pathSchema, 'path', path) : [];
  const inQuery = operation.query ? fieldsOf(operation.query(), 'query', query) : [];
  const forUser = operation.kinds.includes('server') && operation.kinds.includes('login');
  return [...inPath, ...inQuery, ...(forUser ? [{ $ref: '#/components/parameters/userId' }] : [])];
}

function fieldsOf(schema: z.ZodType, place: 'path' | 'query', examples: Readonly<Record<string, string>>): object[] {
  const { properties = {}, required = [] } = schemas[nameOfSchema(schema)] ?? {};
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema: property,
    example: property.type === 'integer' ? Number(examples[name]) : examples[name],
  }));
}

function requestBody(schema: z.ZodType, { examples = {} }: Documented): object {
  const name = nameOfSchema(schema);
  const { required = [], anyOf } = schemas[name] ?? {};
  return {
    required: required.length > 0 || anyOf !== undefined,
    content: { 'application/json': { schema: refTo(name), examples: named(examples) } },
  };
}

const named = (examples: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(examples).map(([summary, value]) => [summary.replaceAll(/[^A-Za-z]+/g, '-'), { summary, value }]),
  );

const answersOf = ({ answers }: Documented) =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerObject(answer)]));

const answerObject = ({ description, schema, example }: Answer) => ({
  description,
  ...(schema && { content: { 'application/json': { schema: refTo(nameOfSchema(schema)), example } } }),
});
