import { setTimeout as wait } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.ts';
import { heapOf, openInspector } from '../machine/inspector.ts';
import { memoryOf, stackProcesses } from '../machine/stack-processes.ts';
import type { Point } from './linear-fit.ts';

/** Memory over time, in bytes. */
export interface MemorySeries {
  /** What the stack's main process keeps after garbage collection. */
  readonly stackHeap: readonly Point[];
  /** The resident memory (RSS) of each process, by its name and number, without the table, which keeps its rows there. */
  readonly resident: ReadonlyMap<string, readonly Point[]>;
}

const EVERY_MS = 5000;

/** Measures until the signal is aborted. */
export async function watchMemory(stack: BenchStack, until: AbortSignal): Promise<MemorySeries> {
  const stackHeap: Point[] = [];
  const resident = new Map<string, Point[]>();
  const inspector = await openInspector(stack.inspector);
  while (!until.aborted) {
    stackHeap.push({ at: Date.now(), value: await heapOf(inspector) });
    for (const { pid, what } of await stackProcesses(stack.pid)) {
      if (what === 'table') continue;
      const points = resident.get(`${what} ${pid}`) ?? [];
      // The process may have ended meanwhile.
      const value = await memoryOf(pid).catch(() => undefined);
      if (value !== undefined) resident.set(`${what} ${pid}`, [...points, { at: Date.now(), value }]);
    }
    await wait(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
  await inspector.close();
  return { stackHeap, resident };
}
