import { setTimeout as wait } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.ts';
import { heapOf, openInspector } from '../machine/inspector.ts';
import { memoryOf, stackProcesses } from '../machine/stack-processes.ts';
import type { Point } from './linear-fit.ts';

/** How memory went, in bytes. */
export interface MemorySeries {
  /** What the stack's main process holds on to once its garbage is collected. */
  readonly stackHeap: readonly Point[];
  /** What each process has of the machine's memory (RSS), by its name and number; the table, which keeps its rows there, is left out. */
  readonly resident: ReadonlyMap<string, readonly Point[]>;
}

const EVERY_MS = 5000;

/** Watches until the signal comes. */
export async function watchMemory(stack: BenchStack, until: AbortSignal): Promise<MemorySeries> {
  const stackHeap: Point[] = [];
  const resident = new Map<string, Point[]>();
  const inspector = await openInspector(stack.inspector);
  while (!until.aborted) {
    stackHeap.push({ at: Date.now(), value: await heapOf(inspector) });
    for (const { pid, what } of await stackProcesses(stack.pid)) {
      if (what === 'table') continue;
      const points = resident.get(`${what} ${pid}`) ?? [];
      // It may have ended since it was found.
      const value = await memoryOf(pid).catch(() => undefined);
      if (value !== undefined) resident.set(`${what} ${pid}`, [...points, { at: Date.now(), value }]);
    }
    await wait(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
  await inspector.close();
  return { stackHeap, resident };
}
