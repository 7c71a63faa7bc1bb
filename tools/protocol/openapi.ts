import type * as z from 'zod';
import type { Operation } from '#wire/rest/operations.ts';
import { callPath } from '#wire/rest/requests.ts';
import { jsonSchemas, nameOfSchema, reachable, refTo } from './json-schemas.ts';
import { refusalComponents, refusalsOf } from './refusals.ts';
import { chapters, type Documented, documented } from './rest/chapters.ts';
import type { Answer } from './rest/described.ts';
import * as sample from './samples.ts';

const DESCRIPTION = [
  'Carillon wakes phones and makes them ring. This is its REST API; the WebSocket and the keys of a push are in `/asyncapi.json`.',
  'Ignore fields that you do not know: later versions add some. What may be missing is absent, never null. Times are ISO 8601 in UTC.',
  'In a request unknown fields are ignored. A body is JSON of at most 64 KiB; where every field may be left out, so may the body.',
  'A server token acts for the user that `?user_id=` names; for a login token it must be its own.',
  'Errors are `application/problem+json` with a stable `code`. API Gateway makes some of its own, 413, 429, 500 and 503: `{"message"}`.',
].join('\n\n');

const all = jsonSchemas();

/** The REST API as OpenAPI 3.1. */
export function openApi(version: string): object {
  const paths = pathsOf(documented);
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Carillon',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: chapters.map(({ name, description }) => ({ name, description })),
    paths,
  };
  const components = {
    securitySchemes: { tokenFingerprint: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    parameters: { userId: USER_ID },
    ...refusalComponents(documented),
  };
  return { ...document, components: { ...components, schemas: reachable([document, components], all) } };
}

const USER_ID = {
  name: 'user_id',
  in: 'query',
  description: 'With a server token: the user that it acts for.',
  schema: refTo('UserId'),
};

function pathsOf(operations: readonly Documented[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of operations) {
    const path = paths[one.operation.path] ?? {};
    path[one.operation.method.toLowerCase()] = operationObject(one);
    paths[one.operation.path] = path;
  }
  return paths;
}

function operationObject(one: Documented): object {
  const { id, operation, chapter, summary, description } = one;
  const parameters = parametersOf(one);
  return {
    operationId: id,
    tags: [chapter],
    summary,
    description: [description, tokensTaken(operation)].filter(Boolean).join('\n\n'),
    security: operation.kinds.length > 0 ? [{ tokenFingerprint: [] }] : [],
    'x-carillon-token-kinds': operation.kinds,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && { requestBody: requestBody(operation.body, one) }),
    responses: { ...answersOf(one), ...refusalsOf(one.refusals) },
  };
}

const tokensTaken = ({ kinds }: Operation): string =>
  kinds.length === 0
    ? 'Takes no token.'
    : `Takes a ${kinds.length === 1 ? '' : `${kinds.slice(0, -1).join(', ')} or `}${kinds.at(-1)} token.`;

function parametersOf({ operation, query = {} }: Documented): object[] {
  const inPath = operation.path.includes('{') ? fieldsOf(callPath, 'path', sample.PATH) : [];
  const inQuery = operation.query ? fieldsOf(operation.query, 'query', query) : [];
  const forUser = operation.kinds.includes('server') && operation.path !== '/v1/api/callStreams';
  return [...inPath, ...inQuery, ...(forUser ? [{ $ref: '#/components/parameters/userId' }] : [])];
}

function fieldsOf(schema: z.ZodType, place: 'path' | 'query', examples: Readonly<Record<string, string>>): object[] {
  const { properties = {}, required = [] } = all[nameOfSchema(schema)] ?? {};
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
  const isRequired = (all[name]?.required ?? []).length > 0 || all[name]?.anyOf !== undefined;
  return {
    required: isRequired,
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
