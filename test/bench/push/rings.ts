import { createHash } from 'node:crypto';

/** One push token of a callee. */
export interface BenchDevice {
  readonly token: string;
  readonly platform: 'android' | 'ios';
}

/** One ring of one callee, as a sender is told. */
export interface BenchRing {
  readonly id: string;
  readonly userId: string;
  readonly devices: readonly BenchDevice[];
  /** When it starts, in milliseconds since the play began. */
  readonly startsAfterMs: number;
}

/** How long a ring lasts: a push that is accepted later does not count. */
export const RING_MS = 30_000;

const MAX_DEVICES = 4;

/** Rings before those that count, without faults, so that the first ring of a process is not measured. */
export const WARM_UP_RINGS = 60;

/** The rings of a play: the same callees, phones and order for the same `random`; `label` keeps the tokens of two plays apart. */
export function makeRings(
  count: number,
  { label, random, startOf }: { label: string; random: () => number; startOf: (index: number) => number },
): BenchRing[] {
  return Array.from({ length: count }, (_, index) => {
    const devices = Array.from({ length: 1 + Math.floor(random() * MAX_DEVICES) }, (__, nth) => ({
      token: createHash('sha256').update(`${label} ${index} ${nth}`).digest('hex'),
      platform: random() < 0.5 ? ('android' as const) : ('ios' as const),
    }));
    const id = createHash('sha256').update(`${label} ${index}`).digest('hex').slice(0, 24);
    return { id, userId: `user-${id}`, devices, startsAfterMs: startOf(index) };
  });
}
