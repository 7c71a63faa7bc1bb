import type { SocketIoDialect } from '#domain/dialect.ts';
import type { SocketPath } from '#ports/socket-sessions.ts';

/** Where a dialect is spoken: at a path, in a namespace. */
interface Place {
  readonly path: SocketPath;
  readonly namespace: string;
}

/** Where each dialect of Socket.IO is spoken. */
export const PLACES: Readonly<Record<SocketIoDialect, Place>> = {
  calls: { path: 'socket.io', namespace: '/' },
  sessions: { path: 'socket.io', namespace: '/ws/calls' },
  video: { path: 'video-socket', namespace: '/' },
};

/** The dialect that is spoken in a namespace at a path, if there is such a place. */
export function dialectAt(path: SocketPath, namespace: string): SocketIoDialect | undefined {
  const found = Object.entries(PLACES).find(([, place]) => place.path === path && place.namespace === namespace);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the type of its keys
  return found?.[0] as SocketIoDialect | undefined;
}

/** The id of a client's connection in the namespace of a dialect: one client may be in several. */
export const connectionIdOf = (sid: string, dialect: SocketIoDialect): string =>
  PLACES[dialect].namespace === '/' ? sid : `${sid}:${dialect}`;

/** The session that carries a connection. */
export const sidOf = (connectionId: string): string => connectionId.split(':')[0] ?? connectionId;

const POLLED = 'poll-';

/** The id of a session that begins by polling; one that begins with a WebSocket has that WebSocket's id. */
export const polledSid = (id: string): string => `${POLLED}${id}`;

/** Whether a session began by polling, so that only the table knows its WebSocket. */
export const isPolledSid = (sid: string): boolean => sid.startsWith(POLLED);
