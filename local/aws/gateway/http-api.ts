import type { IncomingMessage } from 'node:http';
import type { Usage } from '../../lab/metering/usage.ts';
import { readBody } from '../http-messages.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import type { HttpApiSpec } from './http-api-spec.ts';
import { type HttpAnswer, httpAnswer, httpEvent } from './http-event.ts';
import { IntegrationTimeout, within } from './integration-target.ts';
import { gatewayId } from './request-id.ts';

const MAX_BYTES = 10 * 1024 * 1024;

/** Answers one request the way an API Gateway HTTP API does. */
export type HttpApi = (request: IncomingMessage) => Promise<HttpAnswer>;

/** The template's HTTP API. */
export function httpApi(api: HttpApiSpec, usage: Pick<Usage, 'httpRequest'>): HttpApi {
  return async (request) => {
    const { origin } = request.headers;
    const requestId = gatewayId();
    if (api.cors && isPreflight(request)) {
      usage.httpRequest(0);
      return {
        status: 204,
        headers: { 'apigw-requestid': requestId, ...preflightHeaders(api.cors, origin) },
        body: '',
      };
    }
    const sent = await readBody(request, MAX_BYTES);
    const { status, headers, body } = await answer(api, request, sent, requestId);
    const length = Buffer.byteLength(body);
    usage.httpRequest(Math.max(sent?.length ?? 0, length));
    const kept = Object.entries(headers).filter(([name]) => !(api.cors && name.startsWith('access-control-')));
    return {
      status,
      headers: {
        ...Object.fromEntries(kept),
        ...(api.cors && corsHeaders(api.cors, origin)),
        'apigw-requestid': requestId,
        ...(status !== 204 && status !== 304 && { 'content-length': length }),
      },
      body: request.method === 'HEAD' ? '' : body,
    };
  };
}

async function answer(
  api: HttpApiSpec,
  request: IncomingMessage,
  body: Buffer | undefined,
  requestId: string,
): Promise<HttpAnswer> {
  if (!body) return ownAnswer(413, 'Request Entity Too Large');
  try {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const route = api.routes.find((of) => of.path.test(path) && (of.method ?? request.method) === request.method);
    if (!route) return ownAnswer(404, 'Not Found');
    const event = httpEvent(request, body, { apiId: api.apiId, requestId, routeKey: route.key });
    const result = await within(route.timeoutMs, route.target.invoke(event));
    return httpAnswer(result) ?? ownAnswer(500, 'Internal Server Error');
  } catch (error) {
    if (error instanceof IntegrationTimeout) return ownAnswer(503, 'Service Unavailable');
    return ownAnswer(500, 'Internal Server Error');
  }
}

const ownAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});
