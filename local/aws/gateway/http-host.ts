import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from './http-event.ts';

/** Whatever is reached under a host name: an API, or the distribution before them. */
export interface HttpHost {
  answer(request: IncomingMessage): Promise<HttpAnswer>;
  /** Serves a request that asks for another protocol, which an HTTP API does not notice. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** The APIs by their host names. */
export type HttpHosts = ReadonlyMap<string, HttpHost>;

/** An HTTP API as it is reached at its own host. */
export const httpApiHost = (answer: HttpHost['answer']): HttpHost => ({
  answer,
  upgrade: async (request, socket) => answerUpgrade(socket, await answer(request)),
});

/** A WebSocket API as it is reached at its own host. */
export const webSocketApiHost = (upgrade: HttpHost['upgrade']): HttpHost => ({
  answer: async () => ({
    status: 426,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Upgrade Required' }),
  }),
  upgrade,
});

/** Sends an answer. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, headers).end(body === '' ? undefined : body);
}

/** Sends an ordinary answer to an upgrade request, and closes the connection. */
export function answerUpgrade(socket: Duplex, { status, headers, body }: HttpAnswer): void {
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' }).flatMap(
    ([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  socket.write(`HTTP/1.1 ${status} \r\n${lines.join('')}\r\n`);
  socket.end(body);
}
