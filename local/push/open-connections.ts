import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { type GracefulSession, gracefulSession } from './graceful-session.ts';

/** The connections of one fake. */
export interface OpenConnections {
  sessions(): GracefulSession[];
  lifeOf(session: ServerHttp2Session | undefined): GracefulSession | undefined;
  /** Ends connections from now on that are without traffic for this long. */
  closeIdle(idleMs: number): void;
  hangUp(): void;
}

/** Keeps account of the open connections; those without traffic for `idleMs` are ended. */
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
  // Before the server's own listener, which makes the session of the socket.
  server.prependListener('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client may break off at any moment; that is its own business.
    socket.on('error', () => socket.destroy());
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    const { remotePort } = session.socket;
    const life = gracefulSession(
      session,
      [...sockets].find((socket) => socket.remotePort === remotePort),
    );
    sessions.set(session, life);
    session.on('close', () => sessions.delete(session));
    session.on('timeout', () => life.goaway(0, 'IdleTimeout'));
    session.setTimeout(idleLimit);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    sessions: () => [...sessions.values()],
    lifeOf: (session) => session && sessions.get(session),
    closeIdle,
    hangUp,
  };
}
