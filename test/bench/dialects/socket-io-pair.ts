import { io, type Socket } from 'socket.io-client';
import { nowMs } from '../clock.ts';
import type { Scenery } from '../latency/scenery.ts';
import { SDP } from '../latency/signals.ts';

/** Who a client of Socket.IO is, and what it shows of it. */
export interface End {
  readonly id: string;
  readonly auth: Readonly<Record<string, string>>;
}

/** Two clients of the same server, and what they say to each other. */
export interface SocketIoPair {
  readonly alice: Socket;
  readonly bob: Socket;
  /** How long an event takes from one client to the other, in ms. */
  passed(by: Socket, event: string, content: object, to: Socket, arrives: string): Promise<number>;
  /** A call: how long its ring and its answer take, in ms. */
  call(): Promise<{ readonly ringMs: number; readonly answerMs: number }>;
  close(): void;
}

/** Opens the clients of two users of the stack at `url`. */
export async function openPairOf(scenery: Scenery, url: string): Promise<SocketIoPair> {
  const endOf = async (name: string): Promise<End> => {
    const { id, token } = await scenery.user(name);
    return { id, auth: { token } };
  };
  return openPair(url, { alice: await endOf('alice'), bob: await endOf('bob') });
}

/** Opens two clients as apps do. */
export async function openPair(url: string, ends: { readonly alice: End; readonly bob: End }): Promise<SocketIoPair> {
  const connected = async ({ auth }: End): Promise<Socket> => {
    const socket = io(url, { transports: ['websocket'], auth, forceNew: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  };
  const [alice, bob] = [await connected(ends.alice), await connected(ends.bob)];
  const passed: SocketIoPair['passed'] = async (by, event, content, to, arrives) => {
    const arrived = new Promise<number>((resolve) => to.once(arrives, () => resolve(nowMs())));
    const sentAt = nowMs();
    by.emit(event, content);
    return (await arrived) - sentAt;
  };
  return {
    alice,
    bob,
    passed,
    async call() {
      const offer = { to: ends.bob.id, callType: 'video', signalData: { type: 'offer', sdp: SDP } };
      const ringMs = await passed(alice, 'callUser', offer, bob, 'incomingCall');
      const answer = { to: ends.alice.id, signalData: { type: 'answer', sdp: SDP } };
      const answerMs = await passed(bob, 'answerCall', answer, alice, 'callAccepted');
      await passed(alice, 'endCall', { to: ends.bob.id }, bob, 'callEnded');
      return { ringMs, answerMs };
    },
    close() {
      alice.close();
      bob.close();
    },
  };
}
