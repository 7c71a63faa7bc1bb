import { io, type Socket } from 'socket.io-client';
import { nowMs } from '../clock.ts';
import type { Contestant } from '../latency/samples.ts';
import { SDP } from '../latency/signals.ts';
import { startPeerProcess } from './peer-process.ts';

/** A peer that is running. */
export interface Peer extends Contestant {
  stop(): Promise<void>;
}

/** Starts the Socket.IO server and two clients of it. */
export async function startSocketIo(): Promise<Peer> {
  const server = await startPeerProcess('socket-io-server.ts');
  const connected = async (userId: string): Promise<Socket> => {
    const options = { transports: ['websocket'], auth: { userId }, forceNew: true };
    const socket = io(`http://127.0.0.1:${server.port}`, options);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  };
  const [alice, bob] = [await connected('alice'), await connected('bob')];
  const passed = async (by: Socket, event: string, content: object, to: Socket, arrives: string): Promise<number> => {
    const arrived = new Promise<number>((resolve) => to.once(arrives, () => resolve(nowMs())));
    const sentAt = nowMs();
    by.emit(event, content);
    return (await arrived) - sentAt;
  };
  return {
    name: 'Socket.IO',
    async play() {
      const offer = { to: 'bob', callType: 'video', signalData: { type: 'offer', sdp: SDP } };
      const ring = await passed(alice, 'callUser', offer, bob, 'incomingCall');
      const answer = { to: 'alice', signalData: { type: 'answer', sdp: SDP } };
      const relay = await passed(bob, 'answerCall', answer, alice, 'callAccepted');
      await passed(alice, 'endCall', { to: 'bob' }, bob, 'callEnded');
      return [
        { figure: 'ring_to_event', ms: ring },
        { figure: 'signal_relay', ms: relay },
      ];
    },
    async stop() {
      alice.close();
      bob.close();
      await server.stop();
    },
  };
}
