import { epochMs } from '#domain/time.ts';
import { aHandset, audible, type Handset, hear, wake } from '../model/handset.ts';
import { eventually, keysOf, pushes } from './people.ts';
import type { Socket } from './raw-client.ts';

/** Something that a handset learned, and when. */
interface Heard {
  readonly at: number;
  readonly tell: (handset: Handset) => void;
}

/** One handset of a user: what reaches it over its socket and by pushes, with the times. */
export interface Listener {
  readonly id: string;
  /** Ends the ring because the handset itself has answered or declined. */
  acted(): void;
  /** Whether it rings now, by everything that it has learned. */
  rings(): Promise<boolean>;
  /** For how many ms it rang after `from`, when it should have stopped. */
  ghostMs(from: number): Promise<number>;
  /** Whether it ever rang. */
  rang(): Promise<boolean>;
}

/** Records what the handset `id` of `userId` gets over its socket and by pushes to its token. */
export function listen(userId: string, id: string, { socket, token }: { socket?: Socket; token?: string }): Listener {
  const heard: Heard[] = [];
  const take = (frame: object): void => {
    const at = Date.now();
    heard.push({ at, tell: (handset) => hear(handset, frame, epochMs(at)) });
  };
  for (const frame of socket?.frames ?? []) take(frame);
  socket?.raw.on('message', (data) => take(JSON.parse(String(data))));

  async function timeline(): Promise<Heard[]> {
    const received = token === undefined ? [] : (await pushes(token)).filter(({ status }) => status === 200);
    const pushed = received.map((push) => {
      const at = Date.parse(push.at);
      return { at, tell: (handset: Handset) => wake(handset, keysOf(push), epochMs(at)) };
    });
    return [...heard, ...pushed].toSorted((a, b) => a.at - b.at);
  }

  /** The periods in which it rang, up to now. */
  async function ringing(): Promise<{ readonly from: number; readonly to: number }[]> {
    const handset = aHandset(userId, id, 'browser');
    const all = await timeline();
    return all.flatMap(({ at, tell }, i) => {
      tell(handset);
      const next = all[i + 1]?.at ?? Date.now();
      return audible(handset, epochMs(at)).map(({ ringId }) => ({
        from: at,
        to: Math.min(next, handset.ringing.get(ringId)?.until ?? next),
      }));
    });
  }

  return {
    id,
    acted() {
      const at = Date.now();
      heard.push({ at, tell: (handset) => handset.ringing.clear() });
    },
    async rings() {
      const handset = aHandset(userId, id, 'browser');
      for (const { tell } of await timeline()) tell(handset);
      return audible(handset, epochMs(Date.now())).length > 0;
    },
    async ghostMs(from) {
      return (await ringing()).reduce((ms, period) => ms + Math.max(0, period.to - Math.max(period.from, from)), 0);
    },
    rang: async () => (await ringing()).length > 0,
  };
}

/** Waits until none of them rings. */
export const allSilent = (listeners: readonly Listener[]): Promise<unknown> =>
  eventually(
    async () => !(await Promise.all(listeners.map((one) => one.rings()))).includes(true),
    `silence of ${listeners.map(({ id }) => id).join(', ')}`,
  );

/** Measures how long handsets ring after they should have stopped, by scenario. */
export function ghostMeter() {
  const measured = new Map<string, number[]>();
  return {
    async measure(scenario: string, from: string, listeners: readonly Listener[]): Promise<void> {
      const ms = await Promise.all(listeners.map((one) => one.ghostMs(Date.parse(from))));
      measured.set(scenario, [...(measured.get(scenario) ?? []), ...ms]);
    },
    /** A line for each scenario: the number of handsets, the median and the maximum in ms. */
    table(): string {
      return [...measured]
        .map(([scenario, ms]) => {
          const sorted = ms.toSorted((a, b) => a - b);
          const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
          return `${scenario.padEnd(44)} ${String(ms.length).padStart(5)} handsets   p50 ${median} ms   max ${sorted.at(-1) ?? 0} ms`;
        })
        .join('\n');
    },
  };
}
