import { startPeerJs } from './peer-js.ts';
import { type Peer, startSocketIo } from './socket-io.ts';

/** Other servers for calls, each in its own process. */
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
