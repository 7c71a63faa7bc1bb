import type { BenchStack } from '../bench-stack.ts';
import { attach } from '../machine/attach.ts';
import { heapOf } from '../machine/inspector.ts';
import { stackProcesses } from '../machine/stack-processes.ts';

/** What a process of a function keeps in memory after garbage collection. */
export interface FunctionHeap {
  readonly pid: number;
  readonly what: string;
  readonly bytes: number;
}

/** Collects the garbage of every process of every function, one after the other, and measures what stays. */
export async function functionHeaps({ pid: parent }: BenchStack): Promise<FunctionHeap[]> {
  const heaps: FunctionHeap[] = [];
  for (const { pid, what } of await stackProcesses(parent)) {
    if (what === 'stack' || what === 'table') continue;
    const inspector = await attach(pid);
    heaps.push({ pid, what, bytes: await heapOf(inspector) });
    await inspector.close();
  }
  return heaps;
}
