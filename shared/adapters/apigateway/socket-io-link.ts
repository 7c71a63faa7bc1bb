import type { SocketIoDialect } from '#domain/dialect.ts';
import type { Delivery, Peer } from '#ports/peer-link.ts';
import type { SocketSessions } from '#ports/socket-sessions.ts';
import { isPolledSid, PLACES, sidOf } from '#wire/socket/namespaces.ts';
import type { SocketEvent } from '#wire/socket/packets.ts';
import type { Link } from './peer-link.ts';
import { postInOrder, type Sockets } from './sockets.ts';

/** Posts packets to clients of Socket.IO, whatever carries them. */
export interface Packets {
  post(sid: string, packets: readonly string[]): Promise<Delivery>;
  /** Whether the client is there. If that cannot be found out, it is taken to be. */
  isOpen(sid: string): Promise<boolean>;
  /** Closes the client's WebSocket, if it has one. */
  close(sid: string): Promise<void>;
}

export interface PacketsDeps {
  readonly sockets: Sockets;
  readonly sessions: SocketSessions;
}

/** Packets go to the WebSocket of a session, or wait until its client polls. */
export function socketIoPackets({ sockets, sessions }: PacketsDeps): Packets {
  const postTo = (socket: string, packets: readonly string[]): Promise<Delivery> =>
    postInOrder(sockets, socket, packets);
  return {
    async post(sid, packets) {
      if (!isPolledSid(sid)) return postTo(sid, packets);
      const session = await sessions.find(sid);
      if (session?.socket !== undefined) return postTo(session.socket, packets);
      const queued = await sessions.queue(sid, packets);
      switch (queued.kind) {
        case 'queued':
          return 'sent';
        case 'gone':
          return 'gone';
        case 'upgraded':
          return postTo(queued.socket, packets);
      }
    },

    async isOpen(sid) {
      if (!isPolledSid(sid)) return sockets.isOpen(sid);
      const session = await sessions.find(sid);
      if (!session) return false;
      return session.socket === undefined || sockets.isOpen(session.socket);
    },

    async close(sid) {
      const socket = isPolledSid(sid) ? (await sessions.find(sid))?.socket : sid;
      if (socket !== undefined) await sockets.close(socket);
    },
  };
}

/** The packets are loaded when a function first tells a client of Socket.IO something: most never do. */
const writing = () => import('#wire/socket/packets.ts');

/** Tells a client of Socket.IO events of its dialect. */
export const socketEvents =
  (packets: Packets) =>
  async ({ id, dialect }: Pick<Peer, 'id'> & { readonly dialect: SocketIoDialect }, events: readonly SocketEvent[]) => {
    const { eventPacket } = await writing();
    const { namespace } = PLACES[dialect];
    return packets.post(
      sidOf(id),
      events.map((event) => eventPacket(namespace, event)),
    );
  };

/** How connections in the namespace of a dialect are looked at and ended: with a disconnect first, so that clients do not come back in a circle. */
export const socketIoEnds = (
  packets: Packets,
  { sessions }: PacketsDeps,
  dialect: SocketIoDialect,
): Pick<Link, 'isOpen' | 'close'> => ({
  isOpen: ({ id }) => packets.isOpen(sidOf(id)),
  async close({ id }) {
    const { disconnectPacket } = await writing();
    const { namespace } = PLACES[dialect];
    const sid = sidOf(id);
    const goodbye = [disconnectPacket(namespace)];
    // A client that does not get it takes the end of its socket for a fault, and comes back.
    if ((await packets.post(sid, goodbye)) === 'failed') await packets.post(sid, goodbye);
    const session = await sessions.find(sid);
    if (session && Object.keys(session.members).some((other) => other !== namespace)) {
      await sessions.part(sid, namespace);
    } else {
      await packets.close(sid);
    }
  },
});
