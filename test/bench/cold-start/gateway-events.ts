import type { WebSocketApiSpec } from '#local/aws/gateway/websocket-api-spec.ts';
import { type ConnectionFacts, eventContext } from '#local/aws/gateway/websocket-event.ts';

/** The headers of an event. */
type Headers = Readonly<Record<string, string>>;

/** The event of the authorizer of a WebSocket that is being opened. */
export const authorizerEvent = (edge: Headers, token: string): object => ({
  type: 'REQUEST',
  methodArn: 'arn:aws:execute-api:us-east-1:000000000000:local/ws/$connect',
  headers: { ...edge, Host: 'local', 'User-Agent': 'bench' },
  queryStringParameters: { token },
  requestContext: { routeKey: '$connect', eventType: 'CONNECT', stage: 'ws' },
});

/** The event of `$connect`. */
export const connectEvent = (api: WebSocketApiSpec, facts: ConnectionFacts): object => ({
  headers: { Host: 'local', 'User-Agent': 'bench' },
  requestContext: eventContext(api, facts, '$connect', 'CONNECT'),
  isBase64Encoded: false,
});

/** The event of a request to the HTTP API. */
export const httpEvent = (edge: Headers, method: string, path: string, token?: string, body?: object): object => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: '',
  headers: { ...edge, host: 'local', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  requestContext: { http: { method, path }, stage: '$default' },
  isBase64Encoded: false,
  ...(body && { body: JSON.stringify(body) }),
});
