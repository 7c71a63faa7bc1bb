import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendJson } from '../http-messages.ts';
import { listen } from '../listen.ts';
import { refuse } from './websocket-api.ts';

/** What the one public port leads to. */
export interface Backends {
  readonly webSocketPath: string;
  webSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  http(request: IncomingMessage, response: ServerResponse): Promise<void>;
  control(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The one public port: taken at once, so that one that is in use is noticed before anything else. */
export interface FrontDoor {
  readonly url: string;
  open(backends: Backends): void;
  stop(): void;
}

/** The most that a request line and its headers may have, in bytes. */
const MOST_HEADER_BYTES = 10_240;

/** Listens on `port`; everything is refused until the door is opened. */
export async function startFrontDoor(port: number, log: (line: string) => void): Promise<FrontDoor> {
  let backends: Backends | undefined;
  const sockets = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES }, async (request, response) => {
    try {
      await serve(backends, request, response);
    } catch (error) {
      log(`front door: ${error instanceof Error ? error.stack : error}`);
      response.destroy();
    }
  });
  server.on('upgrade', (request, socket, head) => {
    if (!backends || pathOf(request) !== backends.webSocketPath) return refuse(socket, backends ? 404 : 503);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    backends.webSocket(request, socket, head).catch((error: unknown) => {
      log(`front door: ${error instanceof Error ? error.stack : error}`);
      socket.destroy();
    });
  });
  return {
    url: await listen(server, port).catch((error: unknown) => explain(error, port)),
    open(opened) {
      backends = opened;
    },
    stop: () => stop(server, sockets),
  };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/';

async function serve(
  backends: Backends | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request);
  if (!backends) return sendJson(response, 503, { message: 'The stack is starting' });
  if (path.startsWith('/_local/')) return backends.control(request, response);
  if (path === backends.webSocketPath) return sendJson(response, 426, { message: 'Upgrade Required' });
  await backends.http(request, response);
}

function explain(error: unknown, port: number): never {
  if (Object(error).code === 'EADDRINUSE') throw new Error(`port ${port} is in use: choose another one by PORT`);
  throw error;
}

function stop(server: Server, sockets: Set<Duplex>): void {
  server.close();
  server.closeAllConnections();
  for (const socket of sockets) socket.destroy();
}
