import type { RoomEvent, RoomLink } from '#ports/room-link.ts';
import type { Sockets } from './sockets.ts';

/** Reaches the sockets of those who are in a room. */
export const roomLink = (sockets: Pick<Sockets, 'post' | 'close'>, encode: (event: RoomEvent) => string): RoomLink => ({
  send: (connectionId, event) => sockets.post(connectionId, encode(event)),
  close: (connectionId) => sockets.close(connectionId),
});
