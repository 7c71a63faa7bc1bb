import { fresh, type Scenery } from '../latency/scenery.ts';
import { SDP } from '../latency/signals.ts';
import { openTimedSocket } from '../latency/timed-socket.ts';

/** Two people in a room. */
export interface BenchRoom {
  /** How long an offer takes from one to the other, in ms. */
  offer(): Promise<number>;
  close(): Promise<void>;
}

/** Has two users of the stack at `url` enter a new room. */
export async function openRoom(scenery: Scenery, url: string): Promise<BenchRoom> {
  const room = fresh('standup');
  const enter = async (name: string) => {
    const { token } = await scenery.user(name);
    const socket = await openTimedSocket(
      `${url.replace('http', 'ws')}/webrtc/ws/${room}?token=${encodeURIComponent(token)}`,
    );
    await socket.next('room_state');
    return socket;
  };
  const [carol, dave] = [await enter('carol'), await enter('dave')];
  return {
    async offer() {
      const sentAt = carol.send({ type: 'offer', payload: { type: 'offer', sdp: SDP }, room_id: room });
      const { at } = await dave.next('offer');
      for (const socket of [carol, dave]) socket.forget();
      return at - sentAt;
    },
    close: async () => void (await Promise.all([carol.close(), dave.close()])),
  };
}
