import { epochMs } from '#domain/time.ts';
import type { Socket } from '../../tools/client.ts';
import { aHandset, audible, type Handset, hear, wake } from '../model/handset.ts';
import { eventually, keysOf, pushes } from './people.ts';

/** Something that a handset was told, and when. */
interface Heard {
  readonly at: number;
  readonly tell: (handset: Handset) => void;
}

/** One handset of somebody under test: what reaches it over its socket and by pushes, with the time. */
export interface Listener {
  readonly id: string;
  /** The handset itself ends its ring: it answered or declined. */
  acted(): void;
  /** Whether it rings now, by all that it was told. */
  rings(): Promise<boolean>;
  /** How long it rang, in ms, after `from`, the moment from which it should not have. */
  ghostMs(from: number): Promise<number>;
  /** Whether it ever rang. */
  rang(): Promise<boolean>;
}

/** Starts to listen as the handset `id` of `userId`, to a socket and to what the push services get for `token`. */
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

  /** The stretches of time in which it rang, up to now. */
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
      return (await ringing()).reduce((ms, stretch) => ms + Math.max(0, stretch.to - Math.max(stretch.from, from)), 0);
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

/** How long handsets rang after they should not have, by scenario. */
export function ghostMeter() {
  const measured = new Map<string, number[]>();
  return {
    async measure(scenario: string, from: string, listeners: readonly Listener[]): Promise<void> {
      const ms = await Promise.all(listeners.map((one) => one.ghostMs(Date.parse(from))));
      measured.set(scenario, [...(measured.get(scenario) ?? []), ...ms]);
    },
    /** One line a scenario: handsets, and the median and the longest ghost ring in ms. */
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
