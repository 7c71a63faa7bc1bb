import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { SocketMeter } from '../../lab/metering/socket-meter.ts';
import type { Connection, Connections, Lifetimes } from './connections.ts';
import { frameMeter } from './frame-meter.ts';
import { within } from './integration-target.ts';
import type { Route, WebSocketApiSpec } from './websocket-api-spec.ts';
import { type ConnectionFacts, messageEvent } from './websocket-event.ts';

/** The limit for one frame of a client, in bytes. */
const MAX_FRAME_BYTES = 32_768;

/** An upgrade that was accepted, and what its connection needs. */
export interface AcceptedUpgrade {
  readonly api: WebSocketApiSpec;
  readonly connections: Connections;
  readonly lifetimes: Lifetimes;
  readonly facts: ConnectionFacts;
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly meter: SocketMeter;
  disconnected(facts: ConnectionFacts, code: number, reason: string): void;
}

/** Serves one connection once its handshake has been answered. */
export function openConnection(opening: AcceptedUpgrade): void {
  const { api, connections, lifetimes, facts, webSocket, socket, meter, disconnected } = opening;
  let closing: { code: number; reason: string } | undefined;
  const close = (code: number, reason: string): void => {
    if (closing) return;
    closing = { code, reason };
    connections.delete(facts.connectionId);
    webSocket.close(code, reason);
  };
  let isLost = false;
  const idle = setTimeout(() => close(1001, 'Going away'), lifetimes.idleMs);
  const life = setTimeout(() => close(1001, 'Going away'), lifetimes.lifeMs);
  const connection: Connection = {
    id: facts.connectionId,
    connectedAt: facts.connectedAt,
    userAgent: facts.userAgent,
    lastActiveAt: Date.now(),
    socket: webSocket,
    send(text) {
      meter.sent(text);
      webSocket.send(text);
    },
    close,
    lose() {
      isLost = true;
      connections.delete(facts.connectionId);
      socket.destroy();
    },
    active() {
      connection.lastActiveAt = Date.now();
      idle.refresh();
    },
  };
  connections.set(connection.id, connection);
  const ended = meter.opened();

  // Runs before the library's own listener, so that a frame that is too long never becomes a message.
  socket.prependListener(
    'data',
    frameMeter((length) => {
      if (length > MAX_FRAME_BYTES) close(1009, 'Message too long');
    }),
  );
  webSocket.on('message', (data, isBinary) => {
    if (closing) return;
    if (isBinary) return close(1003, 'Binary is not supported');
    connection.active();
    const text = textOf(data);
    meter.received(text);
    void dispatch(api, facts, connection, text);
  });
  // The library closes with the right code itself (1009 for a message that is too long). The event only gives the reason.
  webSocket.on('error', () => {});
  webSocket.on('close', (code, reason) => {
    clearTimeout(idle);
    clearTimeout(life);
    connections.delete(connection.id);
    ended();
    if (!isLost) disconnected(facts, closing?.code ?? code, closing?.reason ?? String(reason));
  });
}

const textOf = (data: RawData): string =>
  String(Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data);

/** Sends one message through its route. Several messages of one connection may be handled at once. */
async function dispatch(
  api: WebSocketApiSpec,
  facts: ConnectionFacts,
  connection: Connection,
  text: string,
): Promise<void> {
  const route = api.routes.get(routeKey(api, text)) ?? api.routes.get('$default');
  const event = messageEvent(api, facts, route?.key ?? '$default', text);
  const tell = (message: string): void => {
    const { connectionId, requestId } = event.requestContext;
    connection.send(JSON.stringify({ message, connectionId, requestId }));
  };
  if (!route) return tell('Forbidden');
  try {
    const answer = await answerOf(route, event);
    if (route.responds && answer !== undefined) {
      connection.send(answer);
      connection.active();
    }
  } catch {
    tell('Internal server error');
  }
}

/** The integration's result as text, if it has any. */
async function answerOf({ target }: Route, event: object): Promise<string | undefined> {
  if (target.kind === 'mock') return target.answer;
  const { body } = Object(await within(target.timeoutMs, target.target.invoke(event)));
  return typeof body === 'string' ? body : undefined;
}

/** The value at the selection path of a JSON message, as a string. Empty if there is none. */
export function routeKey({ selection }: Pick<WebSocketApiSpec, 'selection'>, text: string): string {
  try {
    let value: unknown = JSON.parse(text);
    for (const key of selection) value = Object(value)[key];
    const selected = value === undefined ? '' : String(value);
    // A client must not reach `$connect` and `$disconnect` by naming them.
    return selected.startsWith('$') ? '$default' : selected;
  } catch {
    return '$default';
  }
}
