import { once } from 'node:events';
import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { makeServerIdentity, type ServerIdentity } from '#local/push/certificates.ts';

/** A request that a service received, and how it can be answered. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
  answer(status?: number, body?: string, headers?: Record<string, string>): void;
}

/** A service that speaks HTTP/2 and does what a test says. */
export interface Service {
  readonly endpoint: string;
  /** PEM of the authority that its clients have to trust. */
  readonly caPem: string;
  /** Every connection so far. */
  readonly sessions: readonly ServerHttp2Session[];
  readonly received: readonly Received[];
  /** The most requests that one connection ever had open at once. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

let identity: Promise<ServerIdentity> | undefined;

/** Who all services of this process are; the process trusts them from then on. */
export async function trusted(): Promise<ServerIdentity> {
  identity ??= makeServerIdentity();
  const { caPem } = await identity;
  setDefaultCACertificates([...getCACertificates('bundled'), caPem]);
  return identity;
}

/** Starts one on a free port of 127.0.0.1; `serve` answers its requests. */
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
  const sessions: ServerHttp2Session[] = [];
  const received: Received[] = [];
  const atOnce = new Map<ServerHttp2Session, number>();
  let most = 0;
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
      for (const session of sessions) session.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return service;
}
