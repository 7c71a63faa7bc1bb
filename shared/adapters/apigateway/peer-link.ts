import type { SocketIoDialect } from '#domain/dialect.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { ConnectionCloser, Peer, PeerLink } from '#ports/peer-link.ts';
import { postInOrder, type Sockets } from './sockets.ts';

/** How a dialect tells `peer` of an event: as text frames, none if it has no words for it. */
export type EncodeEvent = (event: CallEvent, peer: Peer) => readonly string[];

/** How connections of a dialect are reached and ended. */
export type Link = PeerLink & ConnectionCloser;

/** Reaches each connection by the link of its dialect. Those of Socket.IO are made for the first connection that needs one. */
export function peerLink(native: Link, socketIo: () => Readonly<Record<SocketIoDialect, Link>>): Link {
  const linkOf = ({ dialect }: Pick<Peer, 'dialect'>): Link => (dialect === 'native' ? native : socketIo()[dialect]);
  return {
    send: (peer, events) => linkOf(peer).send(peer, events),
    isOpen: (connection) => linkOf(connection).isOpen(connection),
    close: (connection) => linkOf(connection).close(connection),
  };
}

/** Posts the frames of a dialect to sockets that are connections themselves. */
export const frameLink = (sockets: Sockets, encode: EncodeEvent): Link => ({
  send: (peer, events) =>
    postInOrder(
      sockets,
      peer.id,
      events.flatMap((event) => encode(event, peer)),
    ),
  isOpen: ({ id }) => sockets.isOpen(id),
  close: ({ id }) => sockets.close(id),
});
