import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse, type Settings } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyToConnection, applyToRequest, outcomeOf } from '../lab/faults/apply-fault.ts';
import type { Fault, Service } from '../lab/faults/fault.ts';
import type { FaultScript } from '../lab/faults/fault-script.ts';
import { openRelay, type Relay } from '../lab/network/relay.ts';
import type { ServerIdentity } from './certificates.ts';
import { followConnections, type OpenConnections } from './open-connections.ts';
import type { PushProvider } from './push-log.ts';
import { type PushRequest, receive, sessionOf, type Verdict } from './push-request.ts';
import { openStats, type ServiceStats, type StatsKeeper } from './service-stats.ts';

/** A listening fake. */
export interface PushServer {
  readonly endpoint: string;
  /** Applies a fault to the open connections. */
  applyToOpen(fault: Fault): void;
  stats(): ServiceStats;
  close(): Promise<void>;
}

/** What differs between the servers of the fakes. */
export interface PushServerOptions {
  readonly provider: PushProvider;
  readonly identity: ServerIdentity;
  readonly allowHttp1: boolean;
  readonly settings?: Settings;
  /** How long a connection may be idle. @default for ever */
  readonly idleMs?: number;
  readonly faults: FaultScript;
  /** The service at a path. @default the provider */
  serviceAt?(path: string): Service;
  handle(request: PushRequest, stats: StatsKeeper): Verdict | Promise<Verdict>;
}

/** Listens with TLS on a free port of 127.0.0.1, behind a relay that can inject faults into its connections. */
export async function startPushServer(options: PushServerOptions): Promise<PushServer> {
  const { identity, allowHttp1, settings } = options;
  const server = createSecureServer({
    key: identity.keyPem,
    cert: identity.certificatePem,
    allowHTTP1: allowHttp1,
    ...(settings && { settings }),
  });
  const stats = openStats();
  const followed = followConnections(server, options.idleMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has this address
  const relay = await openRelay((server.address() as AddressInfo).port, (connection) => {
    stats.count('connections');
    const fault = options.faults.next('new', options.provider);
    if (!fault) return;
    stats.count('faults');
    applyToConnection(fault, connection);
  });
  server.on('request', (request, response) => {
    serve(request, response, { ...options, stats, relay, followed }).catch((error: Error) => {
      process.emitWarning(error);
      response.destroy();
    });
  });
  return {
    endpoint: `https://localhost:${relay.port}`,
    applyToOpen(fault) {
      if (fault.fault === 'idle_close') followed.closeIdle(fault.idle_ms);
      else if (fault.fault === 'goaway')
        for (const graceful of followed.sessions()) graceful.goaway(fault.code, fault.reason);
      else for (const connection of relay.connections()) applyToConnection(fault, connection);
    },
    stats: () => stats.read(relay.connections().length),
    async close() {
      const closed = once(server, 'close');
      server.close();
      followed.hangUp();
      await Promise.all([closed, relay.close()]);
    },
  };
}

/** If a connection is cut this soon after an answer, its client may not have read the answer. */
const UNREAD_MS = 100;

interface ServeContext extends PushServerOptions {
  readonly stats: StatsKeeper;
  readonly relay: Relay;
  readonly followed: OpenConnections;
}

async function serve(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { serviceAt, provider, faults, handle, stats, relay, followed }: ServeContext,
): Promise<void> {
  const graceful = followed.gracefulOf(sessionOf(request));
  if (graceful?.isPast(request.stream)) return;
  const service = serviceAt?.(request.url) ?? provider;
  stats.count(service === 'oauth' ? 'oauth_exchanges' : 'requests');
  const connection = relay.connections().find(({ port }) => port === request.socket.remotePort);
  const fault = faults.next('request', service);
  if (fault) stats.count('faults');
  if (fault && !applyToRequest(fault, { request, response, connection, graceful })) return;
  // If the client aborted the request, there is nobody to answer.
  const received = await receive(request, outcomeOf(fault)).catch(() => undefined);
  if (!received) return;
  const { reply, outcome, record } = await handle(received, stats);
  if (outcome?.delay_ms) await sleep(outcome.delay_ms, undefined, { ref: false });
  if (outcome?.drop === 'silent') return;
  if (outcome?.drop) return hangUp(request);
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.body && { 'content-type': 'application/json; charset=UTF-8' }),
  });
  response.end(reply.body ? JSON.stringify(reply.body) : '');
  if (!record || !connection) return;
  await sleep(UNREAD_MS, undefined, { ref: false });
  if (connection.isCut) record.status = 0;
}

function hangUp(request: Http2ServerRequest): void {
  if (request.httpVersionMajor === 2) sessionOf(request)?.destroy();
  else request.socket.destroy();
}
