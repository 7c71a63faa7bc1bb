import type { Dialect } from '#domain/dialect.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { Peer, PeerLink } from '#ports/peer-link.ts';
import type { Sockets } from './sockets.ts';

/** How a dialect tells `peer` of an event: as text frames, none if it has no words for it. */
export type EncodeEvent = (event: CallEvent, peer: Peer) => readonly string[];

/** Posts events to sockets in the dialect of each connection. */
export const peerLink = (sockets: Sockets, encoders: Readonly<Record<Dialect, EncodeEvent>>): PeerLink => ({
  async send(peer, events) {
    for (const text of events.flatMap((event) => encoders[peer.dialect](event, peer))) {
      const delivery = await sockets.post(peer.id, text);
      if (delivery !== 'sent') return delivery;
    }
    return 'sent';
  },
  isOpen: sockets.isOpen,
  close: sockets.close,
});
