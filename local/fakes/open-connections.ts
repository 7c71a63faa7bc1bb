import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { sayGoaway } from './faults/strike.ts';

/** The connections of one fake. */
export interface OpenConnections {
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** Ends connections from now on that are without traffic for this long. */
  closeIdle(idleMs: number): void;
  hangUp(): void;
}

/** Keeps account of the open connections; those without traffic for `idleMs` are ended. */
export function followConnections(server: Http2SecureServer, idleMs: number | undefined): OpenConnections {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let idleLimit = 0;
  const closeIdle = (limit: number): void => {
    idleLimit = limit;
    Object.assign(server, { keepAliveTimeout: limit });
    for (const session of sessions) session.setTimeout(limit);
  };
  if (idleMs !== undefined) closeIdle(idleMs);
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client may break off at any moment; that is its own business.
    socket.on('error', () => socket.destroy());
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('timeout', () => sayGoaway(session, { code: 0, reason: 'IdleTimeout' }));
    session.setTimeout(idleLimit);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return { sessions, closeIdle, hangUp };
}
