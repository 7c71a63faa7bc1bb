import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { commonLogTime } from './request-id.ts';

const TEXT = /^(text\/|application\/([\w.-]+\+)?(json|xml)|application\/javascript)/i;

/** A request in payload format 2.0. */
export function httpEvent(
  request: IncomingMessage,
  body: Buffer,
  { apiId, requestId, routeKey }: { readonly apiId: string; readonly requestId: string; readonly routeKey: string },
): object {
  const url = urlOf(request.url ?? '/');
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
  );
  const { cookie, ...others } = headers;
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: decodePath(url.pathname),
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: { ...others, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' },
    ...(url.search.length > 1 && { queryStringParameters: joinedQuery(url.searchParams) }),
    requestContext: {
      accountId: '000000000000',
      apiId,
      domainName: request.headers.host,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: decodePath(url.pathname),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...bodyFields(body, request.headers['content-type'] ?? ''),
  };
}

function bodyFields(body: Buffer, contentType: string): object {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = TEXT.test(contentType);
  return { body: body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}

/** Two slashes at the beginning of a path must not be taken for a host. */
const urlOf = (target: string): URL => new URL(target.startsWith('/') ? `http://gateway${target}` : target);

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function joinedQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((key) => [key, query.getAll(key).join(',')]));
}

/** An answer for the client. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** The answer that a handler's result stands for; `undefined` if it is malformed. */
export function httpAnswer(result: unknown): HttpAnswer | undefined {
  const { statusCode, headers, body = '', cookies, isBase64Encoded } = Object(result);
  if (statusCode === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: plain(result) };
  }
  const status = Number(statusCode);
  if (!Number.isInteger(status) || typeof body !== 'string') return undefined;
  return {
    status,
    headers: {
      ...(body !== '' && { 'content-type': 'text/plain; charset=utf-8' }),
      ...lowerCased(headers),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

const plain = (result: unknown): string => (typeof result === 'string' ? result : (JSON.stringify(result) ?? ''));

/** The headers with names in lower case and values as strings. */
export function lowerCased(headers: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(headers)).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
