import { WebSocket } from 'ws';
import { nowMs } from '../clock.ts';

/** A frame, and when it came. */
export interface Arrival {
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server sent; the bench looks at what it needs
  readonly frame: any; // oxlint-disable-line typescript/no-explicit-any -- see above
  readonly at: number;
}

/** A WebSocket that records when each frame was read. */
export interface TimedSocket {
  /** Sends a frame, and returns when. */
  send(frame: object): number;
  /** The first frame of a type, past or future, that was not taken yet. */
  next(type: string): Promise<Arrival>;
  /** Forgets the frames that were not taken. */
  forget(): void;
  close(): Promise<void>;
}

/** Much longer than anything here takes: a frame that has not come by then is lost. */
const PATIENCE_MS = 15_000;

/** Opens a WebSocket; resolves when the handshake is done. */
export async function openTimedSocket(url: string): Promise<TimedSocket> {
  const raw = new WebSocket(url, { perMessageDeflate: false });
  let untaken: Arrival[] = [];
  const waiting = new Map<string, (arrival: Arrival) => void>();
  raw.on('message', (data) => {
    const at = nowMs();
    const frame = JSON.parse(String(data));
    const taker = waiting.get(frame.type);
    waiting.delete(frame.type);
    if (taker) taker({ frame, at });
    else untaken.push({ frame, at });
  });
  await new Promise<void>((resolve, reject) => raw.once('open', resolve).once('error', reject));
  const closed = new Promise<void>((resolve) => raw.once('close', () => resolve()));
  return {
    send(frame) {
      const at = nowMs();
      raw.send(JSON.stringify(frame));
      return at;
    },
    next: (type) =>
      new Promise((resolve, reject) => {
        const found = untaken.find(({ frame }) => frame.type === type);
        if (found) {
          untaken = untaken.filter((arrival) => arrival !== found);
          return resolve(found);
        }
        const timer = setTimeout(() => reject(new Error(`no ${type} came`)), PATIENCE_MS);
        waiting.set(type, (arrival) => {
          clearTimeout(timer);
          resolve(arrival);
        });
      }),
    forget() {
      untaken = [];
    },
    async close() {
      raw.close(1000);
      await closed;
    },
  };
}
