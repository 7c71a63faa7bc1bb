import type { Delivery } from '#ports/peer-link.ts';
import type { RoomEvent, RoomLink } from '#ports/room-link.ts';
import type { Sockets } from './sockets.ts';

export interface RoomLinkDeps {
  readonly sockets: Pick<Sockets, 'post' | 'close'>;
  readonly encode: (event: RoomEvent) => string;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** A post that fails is tried again after these waits: nobody in a room can ask for what they have missed. */
const AGAIN_MS = [200, 1000];

/** Reaches the sockets of those who are in a room. */
export const roomLink = ({ sockets, encode, wait }: RoomLinkDeps): RoomLink => ({
  async send(connectionId, event): Promise<Delivery> {
    const text = encode(event);
    let delivery = await sockets.post(connectionId, text);
    for (const ms of AGAIN_MS) {
      if (delivery !== 'failed') break;
      await wait(ms);
      delivery = await sockets.post(connectionId, text);
    }
    return delivery;
  },
  close: (connectionId) => sockets.close(connectionId),
});
