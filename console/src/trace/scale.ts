import { duration } from './words.ts';

/** A place on the time axis. */
export interface Tick {
  readonly place: number;
  readonly label: string;
  /** Whether it goes where there is little room. */
  readonly isMinor: boolean;
}

/** Below it the axis is nearly even, above it each step is as wide as the one before. A ring has its say in the first second. */
const EVEN_MS = 150;

const STEPS_MS = [
  0, 100, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 45_000, 120_000, 300_000, 900_000, 3_600_000, 10_800_000,
  43_200_000,
];

/** How far labels are from each other at least, as a part of the axis. */
const APART = 0.1;
const APART_ON_PHONES = 0.24;

/** Where a time is on an axis that ends at `endMs`, from 0 to 1. */
export const placeOf = (ms: number, endMs: number): number =>
  Math.min(1, Math.log1p(Math.max(0, ms) / EVEN_MS) / Math.log1p(Math.max(1, endMs) / EVEN_MS));

/** The labels of the axis, none of them over another. */
export function ticksOf(endMs: number): Tick[] {
  const ticks: Tick[] = [];
  let lastMajor = -1;
  for (const ms of STEPS_MS) {
    const place = placeOf(ms, endMs);
    if (ms > endMs || place > 0.97 || place - (ticks.at(-1)?.place ?? -1) < APART) continue;
    const isMinor = place - lastMajor < APART_ON_PHONES;
    if (!isMinor) lastMajor = place;
    ticks.push({ place, label: ms === 0 ? '0' : duration(ms), isMinor });
  }
  return ticks;
}
