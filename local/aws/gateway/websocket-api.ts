import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { SocketMeter } from '../../lab/metering/socket-meter.ts';
import { Throttled } from '../lambda/account.ts';
import { authorize } from './authorizer.ts';
import type { Connections, Lifetimes } from './connections.ts';
import { within } from './integration-target.ts';
import { gatewayId } from './request-id.ts';
import type { WebSocketApiSpec } from './websocket-api-spec.ts';
import { openConnection } from './websocket-connection.ts';
import { type ConnectionFacts, connectAnswer, connectEvent, disconnectEvent } from './websocket-event.ts';

/** The limit for one message, in bytes. */
const MAX_MESSAGE_BYTES = 131_072;

/** The decision on an upgrade: the status of its refusal, or the new connection and its subprotocol. */
type Admission =
  | { readonly refused: number }
  | { readonly facts: ConnectionFacts; readonly subprotocol: string | undefined };

/** Handles the upgrade requests of a WebSocket API. */
export function webSocketApi(
  api: WebSocketApiSpec,
  connections: Connections,
  lifetimes: Lifetimes,
  meter: SocketMeter,
) {
  const subprotocols = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (_, request) => subprotocols.get(request) ?? false,
  });

  async function disconnected(facts: ConnectionFacts, code: number, reason: string): Promise<void> {
    const target = api.routes.get('$disconnect')?.target;
    if (target?.kind !== 'function') return;
    // Best effort, as on AWS: nobody is told of a failure.
    await target.target.invoke(disconnectEvent(api, facts, code, reason)).catch(() => {});
  }

  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    if (request.url?.split('?')[0] !== `/${api.stage}`) return refuse(socket, 403);
    const admission = await admit(api, request);
    if ('refused' in admission) return refuse(socket, admission.refused);
    const { facts, subprotocol } = admission;
    if (subprotocol !== undefined) subprotocols.set(request, subprotocol);
    let opened = false;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = true;
      openConnection({ api, connections, lifetimes, facts, webSocket, socket, meter, disconnected });
    });
    if (!opened) await disconnected(facts, 1006, '');
  };
}

async function admit(api: WebSocketApiSpec, request: IncomingMessage): Promise<Admission> {
  const userAgent = request.headers['user-agent'] ?? '';
  const anonymous: ConnectionFacts = { connectionId: gatewayId(), connectedAt: Date.now(), userAgent };
  const route = api.routes.get('$connect');
  if (!route) return { facts: anonymous, subprotocol: undefined };
  let facts = anonymous;
  if (route.authorizer) {
    const event = connectEvent(api, request, anonymous);
    const verdict = await authorize(route.authorizer, request, event, `${api.arn}/${api.stage}/$connect`);
    if ('refused' in verdict) return verdict;
    facts = { ...anonymous, authorizer: verdict.context };
  }
  if (route.target.kind === 'mock') return { facts, subprotocol: undefined };
  const { target, timeoutMs } = route.target;
  try {
    const result = await within(timeoutMs, target.invoke(connectEvent(api, request, facts)));
    const { status, subprotocol } = connectAnswer(result);
    return status >= 200 && status < 300 ? { facts, subprotocol } : { refused: status };
  } catch (error) {
    // What Lambda does not take at all is a fault of the gateway's own; 502 is for a function that has failed.
    return { refused: error instanceof Throttled ? 500 : 502 };
  }
}

const MESSAGES: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden' };

/** Answers a pending upgrade with an ordinary HTTP error. */
export function refuse(socket: Duplex, status: number): void {
  const message = MESSAGES[status] ?? 'Internal server error';
  const body = JSON.stringify({ message, connectionId: gatewayId(), requestId: gatewayId() });
  socket.end(
    `HTTP/1.1 ${status} ${message}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
