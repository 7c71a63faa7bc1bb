import { type Contestant, playInTurn } from '../latency/samples.ts';
import { sceneryAt } from '../latency/scenery.ts';
import { startLocalStack } from '../local-stack.ts';
import { startSocketIo } from '../peers/socket-io.ts';
import { rounded, type Spread, spreadOf } from '../quantile.ts';
import { openRoom } from './room.ts';
import { openPairOf } from './socket-io-pair.ts';

/** A latency of a dialect beside that of a Socket.IO server that keeps everything in memory. */
export interface DialectLatency {
  readonly figure: DialectFigure;
  readonly ours: Spread;
  readonly socketIo: Spread;
  /** The ratio of the two medians. */
  readonly ratio: number;
  readonly calls: number;
}

export type DialectFigure = 'ring_to_event' | 'signal_relay' | 'room_offer';

const FIGURES: readonly DialectFigure[] = ['ring_to_event', 'signal_relay', 'room_offer'];

/** Calls before those that count. */
export const WARM_UP = 50;

const [CALLS, ROOMS, SOCKET_IO] = ['calls', 'rooms', 'Socket.IO'] as const;

/** Plays the same calls with the same clients over a local stack and over a Socket.IO server, in turn. */
export async function measureDialects(calls: number): Promise<DialectLatency[]> {
  const stack = await startLocalStack({ CARILLON_SETTINGS: JSON.stringify({ events: false }) });
  const [ringer, room, rival] = await Promise.all([callsOver(stack.url), roomOver(stack.url), startSocketIo()]);
  try {
    const theirs = { name: SOCKET_IO, play: async () => [...(await rival.play()), ...(await rival.playRoom())] };
    const taken = await playInTurn([ringer, room, theirs], { calls, warmUp: WARM_UP }, () => undefined);
    return FIGURES.flatMap((figure) => {
      const ours = taken.get(CALLS)?.get(figure) ?? taken.get(ROOMS)?.get(figure);
      const rivals = taken.get(SOCKET_IO)?.get(figure);
      if (!ours || !rivals) return [];
      const [own, other] = [spreadOf(ours), spreadOf(rivals)];
      const ratio = rounded(own.p50_ms / other.p50_ms, 2);
      return [{ figure, ours: own, socketIo: other, ratio, calls: ours.length }];
    });
  } finally {
    ringer.close();
    await Promise.all([room.close(), rival.stop()]);
    await stack.stop();
  }
}

async function callsOver(url: string): Promise<Contestant & { close(): void }> {
  const scenery = sceneryAt(url);
  const pair = await openPairOf(scenery, url);
  return {
    name: CALLS,
    async play() {
      await scenery.quiet();
      const { ringMs, answerMs } = await pair.call();
      return [
        { figure: 'ring_to_event', ms: ringMs },
        { figure: 'signal_relay', ms: answerMs },
      ];
    },
    close: pair.close,
  };
}

async function roomOver(url: string): Promise<Contestant & { close(): Promise<void> }> {
  const scenery = sceneryAt(url);
  const room = await openRoom(scenery, url);
  return {
    name: ROOMS,
    async play() {
      await scenery.quiet();
      return [{ figure: 'room_offer', ms: await room.offer() }];
    },
    close: room.close,
  };
}
