import { once } from 'node:events';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { WebSocket } from 'ws';
import type { Lifetimes } from '#local/aws/gateway/connections.ts';
import { startFrontDoor } from '#local/aws/gateway/front-door.ts';
import { webSocketApiHost } from '#local/aws/gateway/http-host.ts';
import { managementApi } from '#local/aws/gateway/management-api.ts';
import { webSocketApi } from '#local/aws/gateway/websocket-api.ts';
import type { Route, WebSocketApiSpec } from '#local/aws/gateway/websocket-api-spec.ts';
import { startInternalServer } from '#local/aws/internal-server.ts';
import { openUsage } from '#local/lab/metering/usage.ts';

/** An event of any kind, as a handler gets it. */
export type SocketEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly methodArn?: string;
  readonly headers?: Record<string, string>;
  readonly queryStringParameters?: Record<string, string>;
  readonly requestContext: { readonly authorizer?: object; readonly disconnectStatusCode?: number };
};

type Handler = (event: SocketEvent) => unknown;

/** What a test puts behind its gateway: handlers by route key, and the authorizer. */
export interface Behaviour {
  readonly routes: Readonly<Record<string, Handler>>;
  readonly authorizer?: Handler;
  readonly identitySource?: readonly string[];
  readonly lifetimes?: Lifetimes;
}

/** Starts a WebSocket gateway on ports of its own, for clients and for functions. */
export async function aWebSocketGateway({ routes, authorizer, identitySource = [], lifetimes }: Behaviour) {
  const connections = new Map();
  const internal = await startInternalServer(() => {});
  internal.serve(managementApi({ stage: 'ws', arn: '' }, connections));
  const front = await startFrontDoor(0, () => {});
  const asFunction = (handler: Handler) => ({
    name: 'f',
    invoke: async (event: unknown) => await handler(structuredClone(event) as SocketEvent),
  });
  const guard = authorizer && { target: asFunction(authorizer), identitySource };
  const entries = Object.entries(routes).map(([key, handler]): [string, Route] => [
    key,
    {
      key,
      target: { kind: 'function', target: asFunction(handler), timeoutMs: 1000 },
      responds: key === 'respond',
      authorizer: key === '$connect' ? guard : undefined,
    },
  ]);
  const ping: Route = {
    key: 'ping',
    target: { kind: 'mock', answer: '{"type":"pong"}' },
    responds: true,
    authorizer: undefined,
  };
  const spec: WebSocketApiSpec = {
    apiId: 'sockets',
    arn: 'arn:aws:execute-api:us-east-1:000000000000:sockets',
    domainName: 'sockets.execute-api.us-east-1.amazonaws.com',
    stage: 'ws',
    selection: ['type'],
    routes: new Map([...entries, ['ping', ping]]),
  };
  const { sockets: meter } = openUsage(false);
  const host = webSocketApiHost(
    webSocketApi(spec, connections, lifetimes ?? { idleMs: 60_000, lifeMs: 60_000 }, meter),
  );
  front.open({ home: () => {}, hostOf: () => host, control: async () => {} });
  const management = new ApiGatewayManagementApiClient({
    endpoint: `${internal.url}/ws`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    management,
    meter,
    internalUrl: internal.url,
    dial: (path = '/ws', protocols: string[] = []) => new WebSocket(front.url.replace('http', 'ws') + path, protocols),
    stop() {
      front.stop();
      internal.stop();
      management.destroy();
    },
  };
}

/** A running gateway of a test. */
export type Gateway = Awaited<ReturnType<typeof aWebSocketGateway>>;

/** Opens a connection and collects what it receives. */
export async function opened(socket: WebSocket) {
  const received: string[] = [];
  socket.on('message', (data) => received.push(String(data)));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  await once(socket, 'open');
  return { socket, received, closed };
}

/** The HTTP status with which a handshake is refused. */
export async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = await once(socket, 'unexpected-response');
  return response.statusCode;
}
