import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';

const single = z.object({ value: z.string() });
const entry = single.extend({ multiValue: z.array(single).optional() });
const entries = z.record(z.string(), entry);

/** The request in an event of CloudFront Functions, which its function returns, changed or not. */
export const viewerRequest = z.object({
  method: z.string(),
  uri: z.string().startsWith('/'),
  querystring: entries,
  headers: entries,
  cookies: entries.default({}),
});
/** The answer that a function gives by itself. */
export const viewerResponse = z.object({
  statusCode: z.number(),
  headers: entries.default({}),
  body: z.union([z.string(), z.object({ data: z.string(), encoding: z.enum(['text', 'base64']) })]).default(''),
});

/** A request as a function sees it. */
export type ViewerRequest = z.output<typeof viewerRequest>;
/** A function's own answer. */
export type ViewerResponse = z.output<typeof viewerResponse>;
type Entries = ViewerRequest['headers'];

/** Headers that CloudFront does not show to functions. */
const HIDDEN = new Set(['connection', 'expect', 'keep-alive', 'proxy-authorization', 'trailer', 'upgrade']);

/** The event of a viewer request. Names and values of the query are as they were sent, still encoded. */
export function viewerEvent(request: IncomingMessage): { readonly request: ViewerRequest } {
  const { path, query } = parts(request.url);
  const { cookie = [], ...headers } = request.headersDistinct;
  return structuredClone({
    version: '1.0',
    context: {
      distributionDomainName: 'local.cloudfront.net',
      distributionId: 'LOCAL',
      eventType: 'viewer-request',
      requestId: 'local',
    },
    viewer: { ip: '127.0.0.1' },
    request: {
      method: request.method ?? 'GET',
      uri: path,
      querystring: grouped(query.split('&').filter(Boolean).map(pair)),
      headers: grouped(
        Object.entries(headers)
          .filter(([name]) => !HIDDEN.has(name))
          .flatMap(([name, values = []]) => values.map((value) => [name, value] as const)),
      ),
      cookies: grouped(cookie.join('; ').split(/; */).filter(Boolean).map(pair)),
    },
  });
}

/** Gives `request` the URL and headers that the function returned. */
export function applyRequest(request: IncomingMessage, before: ViewerRequest, after: ViewerRequest): void {
  const untouched = JSON.stringify(before.querystring) === JSON.stringify(after.querystring);
  const query = untouched ? parts(request.url).query : joined(after.querystring, '&');
  const hidden = Object.entries(request.headersDistinct).filter(([name]) => HIDDEN.has(name));
  const cookies = joined(after.cookies, '; ');
  const distinct = Object.fromEntries([
    ...Object.entries(after.headers).map(([name, each]) => [name, valuesOf(each)] as const),
    ...(cookies === '' ? [] : [['cookie', [cookies]] as const]),
    ...hidden,
  ]);
  request.url = after.uri + (query === '' ? '' : `?${query}`);
  setHeaders(request, distinct);
}

/** Replaces all headers of a request. */
export function setHeaders(request: IncomingMessage, distinct: NodeJS.Dict<string[]>): void {
  request.headersDistinct = distinct;
  const joinedValues: IncomingHttpHeaders = Object.fromEntries(
    Object.entries(distinct).map(([name, values = []]) => [name, values.join(name === 'cookie' ? '; ' : ', ')]),
  );
  request.headers = joinedValues;
}

function parts(url = '/'): { path: string; query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The values by their names. Several of one name are in `multiValue`, and the last of them is the value. */
function grouped(pairs: readonly (readonly [string, string])[]): Entries {
  const found = new Map<string, string[]>();
  for (const [name, value] of pairs) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries(
    [...found].map(([name, values]) => [
      name,
      {
        value: values.at(-1) ?? '',
        ...(values.length > 1 && { multiValue: values.map((value) => ({ value })) }),
      },
    ]),
  );
}

const valuesOf = ({ value, multiValue }: z.output<typeof entry>): string[] =>
  multiValue ? multiValue.map((each) => each.value) : [value];

const joined = (of: Entries, separator: string): string =>
  Object.entries(of)
    .flatMap(([name, each]) => valuesOf(each).map((value) => `${name}=${value}`))
    .join(separator);
