import { once } from 'node:events';
import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { makeServerIdentity, type ServerIdentity } from '#local/push/certificates.ts';

/** A request that a service has received, and the way to answer it. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
  answer(status?: number, body?: string, headers?: Record<string, string>): void;
}

/** An HTTP/2 service that behaves as a test says. */
export interface Service {
  readonly endpoint: string;
  /** The certificate, in PEM, of the authority that its clients have to trust. */
  readonly caPem: string;
  /** All connections so far. */
  readonly sessions: readonly ServerHttp2Session[];
  readonly received: readonly Received[];
  /** The largest number of requests that were open at once on one connection. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

let identity: Promise<ServerIdentity> | undefined;

/** The identity of all services in this process, which trusts them from then on. */
export async function trusted(): Promise<ServerIdentity> {
  identity ??= makeServerIdentity();
  const { caPem } = await identity;
  setDefaultCACertificates([...getCACertificates('bundled'), caPem]);
  return identity;
}

/** Starts a service on 127.0.0.1; `serve` answers its requests. */
export async function aService(
  serve: (request: Received, service: Service) => void,
  { maxConcurrentStreams = 100, port = 0 } = {},
): Promise<Service> {
  const { keyPem, certificatePem, caPem } = await trusted();
  const server = createSecureServer({
    key: keyPem,
    cert: certificatePem,
    settings: { maxConcurrentStreams },
  });
  const sockets = new Set<Socket>();
  const sessions: ServerHttp2Session[] = [];
  const received: Received[] = [];
  const atOnce = new Map<ServerHttp2Session, number>();
  let most = 0;
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    sessions.push(session.on('error', () => undefined));
    session.on('stream', async (stream, headers) => {
      count(session, 1);
      stream.on('error', () => undefined).on('close', () => count(session, -1));
      let text = '';
      for await (const chunk of stream) text += chunk;
      const request: Received = {
        path: headers[':path'] ?? '',
        headers,
        text,
        stream,
        session,
        answer: (status = 200, body = '', extra = {}) => {
          if (stream.destroyed) return;
          stream.respond({ ':status': status, ...extra });
          stream.end(body);
        },
      };
      received.push(request);
      serve(request, service);
    });
  });
  const count = (session: ServerHttp2Session, by: number): void => {
    atOnce.set(session, (atOnce.get(session) ?? 0) + by);
    most = Math.max(most, atOnce.get(session) ?? 0);
  };
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const address = server.address();
  const service: Service = {
    endpoint: `https://localhost:${typeof address === 'object' ? address?.port : ''}`,
    caPem,
    sessions,
    received,
    mostAtOnce: () => most,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      // A client may still be opening a connection, which has no session yet and which it would keep.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return service;
}
