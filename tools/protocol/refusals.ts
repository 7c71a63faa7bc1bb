import type { ErrorCode } from '#domain/errors.ts';
import { RETRY_AFTER_S, STATUS } from '#kit/status.ts';
import { errorCode } from '#wire/schemas/problem.ts';
import { codes } from './codes.ts';
import { refTo } from './json-schemas.ts';
import * as sample from './samples.ts';

/** A refusal with `code`, as it is sent. */
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

/** What API Gateway answers by itself: where we answer with the same status, the content type tells them apart. */
const GATEWAY: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Statuses that API Gateway may answer to anything. */
const ALWAYS = [429, 500, 503];

/** What is the same wherever something is refused. */
export const refusalComponents = {
  headers: {
    RetryAfter: { description: 'After how many seconds to try again.', schema: { type: 'integer', minimum: 1 } },
    Authenticate: { description: 'What kind of token is asked for.', schema: { type: 'string', const: 'Bearer' } },
  },
  examples: Object.fromEntries(
    errorCode.options.map((code) => [code, { summary: codes[code], value: problemExample(code) }]),
  ),
};

/** The responses that refuse, by status. */
export function refusalsOf(refusals: readonly ErrorCode[]): Record<string, object> {
  const statuses = new Set([...refusals.map((code) => STATUS[code]), ...ALWAYS]);
  return Object.fromEntries(
    [...statuses].toSorted((a, b) => a - b).map((status) => [status, refusal(status, refusals)]),
  );
}

function refusal(status: number, refusals: readonly ErrorCode[]): object {
  const here = refusals.filter((code) => STATUS[code] === status);
  const headers = {
    ...(here.some((code) => RETRY_AFTER_S[code] !== undefined) && { 'Retry-After': header('RetryAfter') }),
    ...(status === 401 && { 'WWW-Authenticate': header('Authenticate') }),
  };
  return {
    description: [...here.map((code) => `\`${code}\`: ${codes[code]}`), ...gatewaySays(status)].join('\n\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      ...(here.length > 0 && problemContent(here)),
      ...(GATEWAY[status] !== undefined && gatewayContent(status)),
    },
  };
}

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

const gatewaySays = (status: number): string[] =>
  GATEWAY[status] === undefined ? [] : ['Or API Gateway itself, without a code.'];

const problemContent = (here: readonly ErrorCode[]) => ({
  'application/problem+json': {
    schema: { allOf: [refTo('Problem'), { type: 'object', properties: { code: { enum: [...here] } } }] },
    examples: Object.fromEntries(here.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
  },
});

const gatewayContent = (status: number) => ({
  'application/json': { schema: refTo('GatewayRefusal'), example: { message: GATEWAY[status] } },
});
