import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendJson } from '../http-messages.ts';
import { listen } from '../listen.ts';
import { type HttpHost, sendAnswer } from './http-host.ts';
import { refuse } from './websocket-api.ts';

/** What the public port forwards to. */
export interface Backends {
  /** The page at `/`. The local stack alone has it: no route of the HTTP API is there. */
  home(response: ServerResponse): void;
  /** `/_local/…`: shows and steers the inside of the stack, for tests and people. */
  control(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Everything else. As a name server does, it tells by the host whom a request is for: the distribution, or an API itself. */
  hostOf(name: string | undefined): HttpHost;
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
    if (!backends) return refuse(socket, 503);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The client may give up while its handshake is pending.
    socket.on('error', () => socket.destroy());
    const host = backends.hostOf(request.headers.host);
    host.upgrade(request, socket, head).catch((error: unknown) => {
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
  sendAnswer(response, await backends.hostOf(request.headers.host).answer(request));
}

async function explain(error: unknown, port: number): Promise<never> {
  if (Object(error).code !== 'EADDRINUSE') throw error;
  const url = `http://127.0.0.1:${port}`;
  throw new Error(
    (await isStack(url))
      ? `a stack runs at ${url} already: open ${url}/console/phones to play a call there, or start another one with PORT=0`
      : `port ${port} is in use by another program: set PORT to another one, or to 0 for any free one`,
  );
}

/** Whether a stack is at `url`, as far as it answers. */
const isStack = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    return typeof Object(await answer.json()).version === 'string';
  } catch {
    return false;
  }
};

function stop(server: Server, sockets: Set<Duplex>): void {
  server.close();
  server.closeAllConnections();
  for (const socket of sockets) socket.destroy();
}
