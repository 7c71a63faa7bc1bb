import { startPeerJs } from './peer-js.ts';
import { type Peer, startSocketIo } from './socket-io.ts';

/** Servers that others build calls on, each in a process of its own. */
export interface Peers {
  readonly contestants: readonly Peer[];
  stop(): Promise<void>;
}

/** Starts all of them. */
export async function startPeers(): Promise<Peers> {
  const contestants = [await startSocketIo(), await startPeerJs()];
  return {
    contestants,
    stop: async () => void (await Promise.all(contestants.map((peer) => peer.stop()))),
  };
}
