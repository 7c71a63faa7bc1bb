import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { rounded } from '../../quantile.ts';
import type { BenchStack } from '../bench-stack.ts';
import { type StackProcess, stackProcesses, statOf, TICK_MS } from './stack-processes.ts';

/** CPU usage in cores: 1 is all of one core. */
export interface CpuUsage {
  /** By the kind of process, the busiest first. Processes of one function are added up; `client` is the bench itself. */
  readonly cores: Readonly<Record<string, number>>;
  /** Everything on the machine, including other programs. */
  readonly machine: number;
  readonly machine_cores: number;
  /** The busiest process. */
  readonly busiest: StackProcess & { readonly cores: number };
  /** The busiest process of the function that was the busiest with all its processes. */
  readonly busiest_function: StackProcess;
}

/** Starts to measure, and returns a function that reports the usage since then. */
export async function watchCpu(stack: BenchStack): Promise<() => Promise<CpuUsage>> {
  const before = await sample(stack);
  return async () => usageBetween(before, await sample(stack));
}

interface Sample {
  readonly at: number;
  readonly processes: ReadonlyMap<number, { readonly what: string; readonly cpuMs: number }>;
  readonly machineMs: number;
}

function usageBetween(before: Sample, after: Sample): CpuUsage {
  const ms = after.at - before.at;
  const each = [...after.processes]
    .map(([pid, { what, cpuMs }]) => ({ pid, what, cores: (cpuMs - (before.processes.get(pid)?.cpuMs ?? 0)) / ms }))
    .toSorted((a, b) => b.cores - a.cores);
  const cores: Record<string, number> = {};
  for (const of of each) cores[of.what] = (cores[of.what] ?? 0) + of.cores;
  const sorted = Object.entries(cores).toSorted(([, a], [, b]) => b - a);
  const [hardest = ''] = sorted.map(([what]) => what).filter((what) => !['stack', 'table', 'client'].includes(what));
  // A process that was started meanwhile was busy with its start.
  const old = each.filter(({ pid }) => before.processes.has(pid));
  const nobody = { pid: 0, what: '', cores: 0 };
  return {
    cores: Object.fromEntries(sorted.map(([what, busy]) => [what, rounded(busy, 3)])),
    machine: rounded((after.machineMs - before.machineMs) / ms, 3),
    machine_cores: availableParallelism(),
    busiest: old.find(({ what }) => what !== 'client') ?? nobody,
    busiest_function: old.find(({ what }) => what === hardest) ?? nobody,
  };
}

async function sample(stack: BenchStack): Promise<Sample> {
  const all = [...(await stackProcesses(stack.pid)), { pid: process.pid, what: 'client' }];
  const read = await Promise.all(
    all.map(({ pid, what }) =>
      statOf(pid).then(
        ({ cpuMs }) => [[pid, { what, cpuMs }] as const],
        // The process has ended meanwhile.
        () => [],
      ),
    ),
  );
  return { at: performance.now(), processes: new Map(read.flat()), machineMs: await busyMs() };
}

/** The time that all cores together have worked: everything but idle time and waiting for disks. */
async function busyMs(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) * TICK_MS;
}
