import type { Finding } from './finding.ts';
import type { FunctionHeap } from './function-heaps.ts';
import { type Point, riseOf } from './linear-fit.ts';
import type { MemorySeries } from './memory-watch.ts';

const MIB = 2 ** 20;
/** The first third does not count: the processes still load code. */
const WARM_UP_SHARE = 1 / 3;
/** A heap may grow by a tenth or by this, whichever is more: compiled code comes and goes. */
const MOST_RISE_SHARE = 0.1;
const MOST_RISE = 3 * MIB;

const isSteady = (rise: number, from: number): boolean => rise <= Math.max(from * MOST_RISE_SHARE, MOST_RISE);

const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/** Whether the main process keeps more and more memory, by the trend of the last two thirds. */
export function judgeStackHeap(points: readonly Point[]): Finding {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const late = points.filter(({ at }) => at >= first + (last - first) * WARM_UP_SHARE);
  const rise = riseOf(late);
  const from = late[0]?.value ?? 0;
  return {
    what: 'the heap of stack does not grow',
    isGood: isSteady(rise, from),
    seen: `from ${mib(from)}, the line through the last two thirds rises by ${mib(rise)}`,
  };
}

/** Whether processes of a function keep more memory at the end than after the first third. The one that grew most is shown. */
export function judgeFunctionHeaps(early: readonly FunctionHeap[], late: readonly FunctionHeap[]): Finding[] {
  const pairs = early.flatMap(({ pid, what, bytes }) => {
    const then = late.find((heap) => heap.pid === pid);
    return then ? [{ what, from: bytes, to: then.bytes }] : [];
  });
  return [...new Set(pairs.map(({ what }) => what))].map((what) => {
    const own = pairs.filter((pair) => pair.what === what).toSorted((x, y) => y.to - y.from - (x.to - x.from));
    const [worst = { from: 0, to: 0 }] = own;
    return {
      what: `the heap of ${what} does not grow`,
      isGood: own.every(({ from, to }) => isSteady(to - from, from)),
      seen: `of ${own.length} processes, the most: from ${mib(worst.from)} to ${mib(worst.to)}`,
    };
  });
}

/** Whether every process stayed within the memory of its function: V8 uses all that it may before it collects garbage. */
export function judgeResident({ resident }: MemorySeries, memoryMbOf: (what: string) => number): Finding[] {
  const most = new Map<string, number>();
  for (const [name, points] of resident) {
    const [what = ''] = name.split(' ');
    if (what !== 'stack') most.set(what, Math.max(most.get(what) ?? 0, ...points.map(({ value }) => value)));
  }
  return [...most].map(([what, bytes]) => ({
    what: `${what} keeps within its memory`,
    isGood: bytes <= memoryMbOf(what) * MIB,
    seen: `at most ${mib(bytes)} of ${memoryMbOf(what)}`,
  }));
}
