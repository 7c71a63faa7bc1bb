import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { FunctionSpec } from '#local/aws/lambda/function-spec.ts';
import type { LambdaHost } from '#local/aws/lambda/lambda-host.ts';
import { traceHeader } from '#local/aws/lambda/trace.ts';
import { startWorker } from '#local/aws/lambda/worker.ts';

/** How far a process has come: the milliseconds since its start, and the CPU time of its threads. */
export interface Moment {
  readonly ms: number;
  readonly cpuMs: number;
}

/** One cold start. */
export interface Start {
  /** When the function was loaded and asked for its first event. */
  readonly loaded: Moment;
  readonly answered: Moment;
}

/** Starts a process of a function that has an event waiting, as after a request that found no other, and ends it. */
export async function startCold(spec: FunctionSpec, host: LambdaHost, event: unknown): Promise<Start> {
  let process: { readonly startedAt: number; readonly child: ChildProcess } | undefined;
  const spawn: LambdaHost['processes']['spawn'] = (...command) => {
    const startedAt = performance.now();
    const child = host.processes.spawn(...command);
    process = { startedAt, child };
    return child;
  };
  const moment = (): Moment => {
    if (!process) throw new Error('there is no process yet');
    return { ms: performance.now() - process.startedAt, cpuMs: cpuMs(process.child.pid) };
  };
  const start = await new Promise<Start>((resolve, reject) => {
    let loaded: Moment | undefined;
    const started = startWorker(
      spec,
      { ...host, processes: { ...host.processes, spawn } },
      host.usage.ofFunction(spec.name, spec.memoryMb),
      {
        idle(worker) {
          if (loaded) return worker.end();
          const first = moment();
          loaded = first;
          const succeed = (): void => resolve({ loaded: first, answered: moment() });
          worker.run({ event, trace: traceHeader(), succeed, fail: reject });
        },
        gone: (_, error) => reject(error ?? new Error(`${spec.name} ended before it had answered`)),
      },
    );
    started.catch(reject);
  });
  if (process?.child.exitCode === null && process.child.signalCode === null) await once(process.child, 'exit');
  return start;
}

/** The first number is the CPU time of the thread, in nanoseconds. */
function cpuMs(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`;
  const times = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}
