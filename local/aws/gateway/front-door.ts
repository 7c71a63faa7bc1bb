import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendJson } from '../http-messages.ts';
import { listen } from '../listen.ts';
import { refuse } from './websocket-api.ts';

/** What the public port forwards to. */
export interface Backends {
  /** The page at `/`. The local stack alone has it: no route of the HTTP API is there. */
  home(response: ServerResponse): void;
  /** `/_local/…`: shows and steers the inside of the stack, for tests and people. */
  control(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly webSocketPath: string;
  webSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Everything else. */
  http(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The only public port. It is opened first, so that a port in use is noticed at once. */
export interface FrontDoor {
  readonly url: string;
  open(backends: Backends): void;
  stop(): void;
}

/** The limit for a request line and its headers together, in bytes. */
const MAX_HEADER_BYTES = 10_240;

/** Listens on `port`. Every request is answered with 503 until the door is opened. */
export async function startFrontDoor(port: number, log: (line: string) => void): Promise<FrontDoor> {
  let backends: Backends | undefined;
  const sockets = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, async (request, response) => {
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
  if (!backends) return sendJson(response, 503, { message: 'The stack is still starting' });
  if (path === '/' && request.method === 'GET') return backends.home(response);
  if (path.startsWith('/_local/')) return backends.control(request, response);
  if (path === backends.webSocketPath) return sendJson(response, 426, { message: 'Upgrade Required' });
  await backends.http(request, response);
}

function explain(error: unknown, port: number): never {
  if (Object(error).code === 'EADDRINUSE')
    throw new Error(`port ${port} is in use: set PORT to another one, or to 0 for any free one`);
  throw error;
}

function stop(server: Server, sockets: Set<Duplex>): void {
  server.close();
  server.closeAllConnections();
  for (const socket of sockets) socket.destroy();
}
