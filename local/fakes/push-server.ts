import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type Settings,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerIdentity } from './certificates.ts';
import type { Outcome } from './scripted-outcomes.ts';

/** About as long as FCM keeps an idle connection open. */
const HTTP1_IDLE_MS = 180_000;

/** A request with its whole body, over whichever version of HTTP it came. */
export interface PushRequest {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The header names as they came, one entry for each time a header was sent. */
  readonly headerNames: readonly string[];
  readonly body: string;
  /** The HTTP/2 connection; undefined over HTTP/1.1. */
  readonly session: ServerHttp2Session | undefined;
}

/** An answer; without a body it is empty. */
export interface PushReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What a fake decided about a request: its answer, and the script that may delay or withhold it. */
export interface Verdict {
  readonly reply: PushReply;
  readonly outcome?: Outcome | undefined;
}

/** A listening fake. */
export interface PushServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** How a fake's server differs from another's. */
export interface PushServerOptions {
  readonly identity: ServerIdentity;
  readonly allowHttp1: boolean;
  readonly settings?: Settings;
  handle(request: PushRequest): Verdict;
}

/** Listens with TLS on a free port of 127.0.0.1. */
export async function startPushServer(options: PushServerOptions): Promise<PushServer> {
  const server = createSecureServer({
    key: options.identity.keyPem,
    cert: options.identity.certificatePem,
    allowHTTP1: options.allowHttp1,
    ...(options.settings && { settings: options.settings }),
  });
  Object.assign(server, { keepAliveTimeout: HTTP1_IDLE_MS });
  const hangUpAll = followSockets(server);
  server.on('request', (request, response) => {
    serve(request, response, options).catch((error: Error) => {
      process.emitWarning(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has this address
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `https://localhost:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      hangUpAll();
      await closed;
    },
  };
}

/** Keeps account of the open sockets; the function that it returns closes them all. */
function followSockets(server: Http2SecureServer): () => void {
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client may break off at any moment; that is its own business.
    socket.on('error', () => socket.destroy());
  });
  server.on('sessionError', () => undefined);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

async function serve(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  options: PushServerOptions,
): Promise<void> {
  // A request that its client broke off has nobody left to answer.
  const received = await receive(request).catch(() => undefined);
  if (!received) return;
  const { reply, outcome } = options.handle(received);
  if (outcome?.delay_ms) await sleep(outcome.delay_ms, undefined, { ref: false });
  if (outcome?.drop === 'silent') return;
  if (outcome?.drop) return hangUp(request);
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.body && { 'content-type': 'application/json; charset=UTF-8' }),
  });
  response.end(reply.body ? JSON.stringify(reply.body) : '');
}

async function receive(request: Http2ServerRequest): Promise<PushRequest> {
  const at = new Date();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.entries(request.headers).filter(([name]) => !name.startsWith(':'));
  return {
    at,
    method: request.method,
    path: request.url,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    headerNames: request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()),
    body: Buffer.concat(chunks).toString('utf8'),
    session: sessionOf(request),
  };
}

// Over HTTP/1.1 the request is a plain one, which has no stream.
const sessionOf = (request: Http2ServerRequest): ServerHttp2Session | undefined =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a server's request stream belongs to
  request.httpVersionMajor === 2 ? (request.stream.session as ServerHttp2Session | undefined) : undefined;

function hangUp(request: Http2ServerRequest): void {
  if (request.httpVersionMajor === 2) sessionOf(request)?.destroy();
  else request.socket.destroy();
}
