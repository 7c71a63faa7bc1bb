import { openPair } from '../dialects/socket-io-pair.ts';
import type { Contestant, Play } from '../latency/samples.ts';
import { SDP } from '../latency/signals.ts';
import { startPeerProcess } from './peer-process.ts';

/** A peer that is running. */
export interface Peer extends Contestant {
  stop(): Promise<void>;
}

/** Starts the Socket.IO server and two clients of it, who can also offer in a room. */
export async function startSocketIo(): Promise<Peer & { readonly playRoom: Play }> {
  const server = await startPeerProcess('socket-io-server.ts');
  const of = (id: string) => ({ id, auth: { userId: id } });
  const pair = await openPair(`http://127.0.0.1:${server.port}`, { alice: of('alice'), bob: of('bob') });
  for (const socket of [pair.alice, pair.bob]) socket.emit('join', 'standup');
  return {
    name: 'Socket.IO',
    async play() {
      const { ringMs, answerMs } = await pair.call();
      return [
        { figure: 'ring_to_event', ms: ringMs },
        { figure: 'signal_relay', ms: answerMs },
      ];
    },
    async playRoom() {
      const content = { room: 'standup', payload: { type: 'offer', sdp: SDP } };
      const roomMs = await pair.passed(pair.alice, 'offer', content, pair.bob, 'offer');
      return [{ figure: 'room_offer', ms: roomMs }];
    },
    async stop() {
      pair.close();
      await server.stop();
    },
  };
}
