import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { type GracefulSession, gracefulSession } from './graceful-session.ts';

/** The connections of one fake. */
export interface OpenConnections {
  sessions(): GracefulSession[];
  gracefulOf(session: ServerHttp2Session | undefined): GracefulSession | undefined;
  /** From now on, ends connections that have had no traffic for this long. */
  closeIdle(idleMs: number): void;
  hangUp(): void;
}

/** Keeps track of the open connections and ends those without traffic for `idleMs`. */
export function followConnections(server: Http2SecureServer, idleMs: number | undefined): OpenConnections {
  const sockets = new Set<Socket>();
  const sessions = new Map<ServerHttp2Session, GracefulSession>();
  let idleLimit = 0;
  const closeIdle = (limit: number): void => {
    idleLimit = limit;
    Object.assign(server, { keepAliveTimeout: limit });
    for (const session of sessions.keys()) session.setTimeout(limit);
  };
  if (idleMs !== undefined) closeIdle(idleMs);
  // Runs before the server's own listener, which creates the socket's session.
  server.prependListener('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client may disconnect at any moment, which is no error of ours.
    socket.on('error', () => socket.destroy());
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    const { remotePort } = session.socket;
    const graceful = gracefulSession(
      session,
      [...sockets].find((socket) => socket.remotePort === remotePort),
    );
    sessions.set(session, graceful);
    session.on('close', () => sessions.delete(session));
    session.on('timeout', () => graceful.goaway(0, 'IdleTimeout'));
    session.setTimeout(idleLimit);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    sessions: () => [...sessions.values()],
    gracefulOf: (session) => session && sessions.get(session),
    closeIdle,
    hangUp,
  };
}
