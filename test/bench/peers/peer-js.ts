import { CANDIDATE, SDP } from '../latency/signals.ts';
import { openTimedSocket, type TimedSocket } from '../latency/timed-socket.ts';
import { startPeerProcess } from './peer-process.ts';
import type { Peer } from './socket-io.ts';

/** Starts a PeerServer and two clients that speak its protocol: `OPEN`, then frames with a `dst`. */
export async function startPeerJs(): Promise<Peer> {
  const server = await startPeerProcess('peer-js-server.ts');
  const connected = async (id: string): Promise<TimedSocket> => {
    const query = new URLSearchParams({ key: 'peerjs', id, token: `token-of-${id}`, version: '1' });
    const socket = await openTimedSocket(`ws://127.0.0.1:${server.port}/peerjs?${query}`);
    await socket.next('OPEN');
    return socket;
  };
  const [alice, bob] = [await connected('alice'), await connected('bob')];
  const passed = async (by: TimedSocket, type: string, dst: string, payload: object, to: TimedSocket) => {
    const sentAt = by.send({ type, dst, payload });
    return (await to.next(type)).at - sentAt;
  };
  return {
    name: 'PeerServer',
    async play() {
      const ring = await passed(alice, 'OFFER', 'bob', { sdp: { type: 'offer', sdp: SDP } }, bob);
      const answer = await passed(bob, 'ANSWER', 'alice', { sdp: { type: 'answer', sdp: SDP } }, alice);
      const candidate = await passed(alice, 'CANDIDATE', 'bob', { candidate: CANDIDATE }, bob);
      // Without a heartbeat the server forgets a client after a minute.
      for (const socket of [alice, bob]) socket.send({ type: 'HEARTBEAT' });
      return [
        { figure: 'ring_to_event', ms: ring },
        { figure: 'signal_relay', ms: answer },
        { figure: 'signal_relay', ms: candidate },
      ];
    },
    async stop() {
      await Promise.all([alice.close(), bob.close()]);
      await server.stop();
    },
  };
}
