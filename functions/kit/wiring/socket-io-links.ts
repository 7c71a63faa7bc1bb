import type { Link } from '#adapters/apigateway/peer-link.ts';
import { type PacketsDeps, socketEvents, socketIoEnds, socketIoPackets } from '#adapters/apigateway/socket-io-link.ts';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoSocketSessions } from '#adapters/dynamodb/socket-sessions.ts';
import type { Table } from '#adapters/dynamodb/table.ts';
import type { SocketIoDialect } from '#domain/dialect.ts';
import type { Notice } from '#ports/notice.ts';
import { type TellHandsetDeps, tellHandset } from '#usecases/one-call/tell-handset.ts';
import { tellOfSession } from '#usecases/one-call/tell-of-session.ts';
import { encodeCalls } from '#wire/socket/calls/encode.ts';
import type { SocketEvent } from '#wire/socket/packets.ts';
import { encodeSessions } from '#wire/socket/sessions/encode.ts';
import { encodeVideo } from '#wire/socket/video/encode.ts';
import { socketsAt } from './sockets.ts';

interface SocketIoEnv {
  readonly SOCKETIO_URL: string;
}

/** The sockets and the sessions of clients of Socket.IO. */
export const socketIoOf = ({ SOCKETIO_URL }: SocketIoEnv, table: Table): PacketsDeps => ({
  sockets: socketsAt(SOCKETIO_URL),
  sessions: dynamoSocketSessions(table),
});

/**
 * Reaches the clients of Socket.IO, each in its dialect. Only `socketio` always needs this: the other functions make
 * it when they first tell such a client something.
 */
export function socketIoLinks(
  socketIo: PacketsDeps,
  { table, ...stores }: Omit<TellHandsetDeps, 'say' | 'shownCalls'> & { readonly table: Table },
): Readonly<Record<SocketIoDialect, Link>> {
  const packets = socketIoPackets(socketIo);
  const tell = socketEvents(packets);
  const deps = { ...stores, shownCalls: dynamoShownCalls(table) };
  /** A dialect whose clients show one call at a time. */
  const oneCall = (dialect: SocketIoDialect, encode: (notice: Notice) => SocketEvent): Link => ({
    ...socketIoEnds(packets, socketIo, dialect),
    send: tellHandset({ ...deps, say: ({ id }, notices) => tell({ id, dialect }, notices.map(encode)) }),
  });
  return {
    calls: oneCall('calls', encodeCalls),
    video: oneCall('video', encodeVideo),
    sessions: {
      ...socketIoEnds(packets, socketIo, 'sessions'),
      send: tellOfSession({
        ...deps,
        async say(peer, event) {
          const said = encodeSessions(event, peer);
          return said.length === 0 ? 'untold' : tell({ id: peer.id, dialect: 'sessions' }, said);
        },
      }),
    },
  };
}
