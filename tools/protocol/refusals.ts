import type { ErrorCode } from '#domain/errors.ts';
import { RETRY_AFTER_S, STATUS } from '#kit/http/status.ts';
import { errorCode } from '#wire/rest/problem.ts';
import { codes } from './codes.ts';
import { refTo } from './json-schemas.ts';
import * as sample from './samples.ts';

/** A refusal with `code`, as the server sends it. */
export function problemExample(code: ErrorCode): object {
  const detail = codes[code].replaceAll('`', '');
  return {
    type: 'about:blank',
    title: code.replaceAll('_', ' '),
    status: STATUS[code],
    detail,
    code,
    error: detail,
    ...(code === 'validation_failed' && { errors: [{ path: 'user_id', message: 'is not a user id' }] }),
    ...(code === 'call_ended' && sample.CANCELLED),
    ...(code === 'glare' && sample.RINGING),
    ...(code === 'internal' && { request_id: sample.REQUEST_ID }),
  };
}

/** What API Gateway answers by itself. If a status is also ours, the content type tells the two apart. */
const GATEWAY: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What API Gateway may answer to any request. */
const ALWAYS = [429, 500, 503];

/** References to the responses that refuse with one of `refusals`, by status. */
export const refusalsOf = (refusals: readonly ErrorCode[]): Record<string, object> =>
  Object.fromEntries(grouped(refusals).map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]));

/** The components that these references point to. */
export function refusalComponents(operations: readonly { readonly refusals: readonly ErrorCode[] }[]): object {
  const groups = operations.flatMap(({ refusals }) => grouped(refusals));
  const used = new Set(groups.flatMap(({ here }) => here));
  return {
    headers: HEADERS,
    responses: Object.fromEntries(groups.map(({ status, name, here }) => [name, refusal(status, here)])),
    examples: Object.fromEntries(
      errorCode.options
        .filter((code) => used.has(code))
        .map((code) => [code, { summary: codes[code], value: problemExample(code) }]),
    ),
  };
}

const HEADERS = {
  RetryAfter: {
    description: 'The number of seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
  Authenticate: { description: 'The kind of token that is required.', schema: { type: 'string', const: 'Bearer' } },
};

/** The statuses of `refusals`, each with its codes and the name of the response that has them. */
export function grouped(refusals: readonly ErrorCode[]) {
  const statuses = new Set([...refusals.map((code) => STATUS[code]), ...ALWAYS]);
  return [...statuses]
    .toSorted((a, b) => a - b)
    .map((status) => {
      const here = refusals.filter((code) => STATUS[code] === status);
      return { status, here, name: [status, ...here].join('.') };
    });
}

function refusal(status: number, here: readonly ErrorCode[]): object {
  const says = here.map((code) => `\`${code}\`: ${codes[code]}`);
  const message = GATEWAY[status];
  const headers = {
    ...(here.some((code) => RETRY_AFTER_S[code] !== undefined) && { 'Retry-After': header('RetryAfter') }),
    ...(status === 401 && { 'WWW-Authenticate': header('Authenticate') }),
  };
  return {
    description: [...says, ...(message === undefined ? [] : [GATEWAY_SAYS])].join('\n\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      ...(here.length > 0 && {
        'application/problem+json': {
          schema: { allOf: [refTo('Problem'), { type: 'object', properties: { code: { enum: [...here] } } }] },
          examples: Object.fromEntries(here.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
      }),
      ...(message !== undefined && {
        'application/json': { schema: refTo('GatewayRefusal'), example: { message } },
      }),
    },
  };
}

const GATEWAY_SAYS = 'API Gateway itself may answer this, too, without a code.';

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
