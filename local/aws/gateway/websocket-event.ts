import type { IncomingMessage } from 'node:http';
import { lowerCased } from './http-event.ts';
import { commonLogTime, gatewayId } from './request-id.ts';
import type { WebSocketApiSpec } from './websocket-api-spec.ts';

/** What every event says about its connection. */
export interface ConnectionFacts {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly userAgent: string;
  readonly authorizer?: Readonly<Record<string, string>>;
}

/** The common part of `requestContext`. */
export function eventContext(
  api: WebSocketApiSpec,
  { userAgent, ...facts }: ConnectionFacts,
  routeKey: string,
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
) {
  const requestId = gatewayId();
  const now = new Date();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(now),
    messageDirection: 'IN',
    stage: api.stage,
    requestTimeEpoch: now.getTime(),
    identity: { userAgent, sourceIp: '127.0.0.1' },
    requestId,
    domainName: api.domainName,
    apiId: api.apiId,
    ...facts,
  };
}

/** The event for the authorizer and, with `requestContext.authorizer`, for `$connect`. */
export function connectEvent(api: WebSocketApiSpec, request: IncomingMessage, facts: ConnectionFacts) {
  const query = new URL(request.url ?? '/', 'http://gateway').searchParams;
  const headers = properCased(request);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.at(-1) ?? ''])),
    multiValueHeaders: headers,
    ...(query.size > 0 && {
      queryStringParameters: Object.fromEntries(query),
      multiValueQueryStringParameters: Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)])),
    }),
    requestContext: eventContext(api, facts, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  };
}

/** The event of one message. */
export function messageEvent(api: WebSocketApiSpec, facts: ConnectionFacts, routeKey: string, body: string) {
  const requestContext = { ...eventContext(api, facts, routeKey, 'MESSAGE'), messageId: gatewayId() };
  return { requestContext, body, isBase64Encoded: false };
}

/** The event of a connection's end. */
export function disconnectEvent(api: WebSocketApiSpec, facts: ConnectionFacts, code: number, reason: string) {
  const headers = { Host: api.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: {
      ...eventContext(api, facts, '$disconnect', 'DISCONNECT'),
      disconnectStatusCode: code,
      disconnectReason: reason,
    },
    isBase64Encoded: false,
  };
}

/** `sec-websocket-key` → `Sec-WebSocket-Key`, which is how most clients spell it. */
function properCased({ headersDistinct }: IncomingMessage): Record<string, string[]> {
  const hidden = new Set(['connection', 'upgrade']);
  return Object.fromEntries(
    Object.entries(headersDistinct)
      .filter(([name]) => !hidden.has(name))
      .map(([name, values]) => [
        name.replace(/(^|-)\w/g, (start) => start.toUpperCase()).replace('Websocket', 'WebSocket'),
        values ?? [],
      ]),
  );
}

/** The status and the subprotocol in the answer of a `$connect` handler. */
export function connectAnswer(result: unknown): { status: number; subprotocol: string | undefined } {
  const { statusCode = 200, headers } = Object(result);
  return { status: Number(statusCode), subprotocol: lowerCased(headers)['sec-websocket-protocol'] };
}
