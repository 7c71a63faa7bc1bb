import { displayName } from '../template/display-name.ts';
import type { FunctionSpec } from './function-spec.ts';
import { InvocationError, type LambdaFunction } from './invocation.ts';
import type { LambdaHost } from './lambda-host.ts';
import { traceHeader } from './trace.ts';
import { type Job, startWorker, type Worker } from './worker.ts';

/** A function and its processes. */
export interface Pool extends LambdaFunction {
  /** Starts the first process, so that the first call needs no cold start. Rejects if the function cannot start. */
  warm(): Promise<void>;
  /** How many invocations are running or waiting for a process. */
  underWay(): number;
  /** Calls `callback` after every invocation, until the returned function is called. */
  onSettled(callback: () => void): () => void;
  /** Ends every process in the middle of whatever it does, and says how many there were. */
  crash(): number;
  /** Ends every process, a busy one as soon as it is done. Their caches are lost, as after a deployment. */
  restart(): void;
}

/** The limit for the processes of one function. Further invocations wait in line. */
const MAX_WORKERS = 10;

/** Runs a function in child processes. An invocation that finds all of them busy starts another one. */
export function startPool(spec: FunctionSpec, host: LambdaHost): Pool {
  const idle: Worker[] = [];
  const alive = new Set<Worker>();
  const waiting: Job[] = [];
  const warming: { resolve(): void; reject(error: Error): void }[] = [];
  const meter = host.usage.ofFunction(displayName(spec.name), spec.memoryMb);
  const listeners = new Set<() => void>();
  let underWay = 0;
  let starting = 0;
  let running = 0;
  let generation = 0;

  function start(): void {
    const born = generation;
    starting += 1;
    running += 1;
    const fresh = new WeakSet<Worker>();
    const started = startWorker(spec, host, meter, {
      idle(ready) {
        if (fresh.delete(ready)) {
          starting -= 1;
          for (const { resolve } of warming.splice(0)) resolve();
        }
        if (born === generation) idle.push(ready);
        else ready.end();
        dispatch();
      },
      gone(dead, initError) {
        alive.delete(dead);
        if (idle.includes(dead)) idle.splice(idle.indexOf(dead), 1);
        if (initError) notStarted(initError);
        running -= 1;
        dispatch();
      },
    });
    started.then(
      (worker) => {
        fresh.add(worker);
        alive.add(worker);
      },
      (error: Error) => {
        notStarted(new InvocationError(error.message, 'Runtime.StartError'));
        running -= 1;
        dispatch();
      },
    );
  }

  function notStarted(error: InvocationError): void {
    starting -= 1;
    for (const { reject } of warming.splice(0)) reject(new Error(`${spec.name} did not start: ${error.message}`));
    waiting.shift()?.fail(error);
  }

  function dispatch(): void {
    if (host.stopping.aborted) return;
    // Like Lambda, take the most recently used process: its connections are the freshest.
    for (let worker = idle.pop(); worker; worker = idle.pop()) {
      const job = waiting.shift();
      if (job) worker.run(job);
      else return void idle.push(worker);
    }
    while (waiting.length > starting && running < MAX_WORKERS) start();
  }

  return {
    name: spec.name,
    recurses: spec.recurses ?? false,
    warm: () =>
      new Promise((resolve, reject) => {
        warming.push({ resolve, reject });
        start();
      }),
    crash() {
      for (const worker of alive) worker.end();
      return alive.size;
    },
    restart() {
      generation += 1;
      for (const worker of idle.splice(0)) worker.end();
    },
    underWay: () => underWay,
    onSettled(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    async invoke(event, trace = traceHeader()) {
      const leave = host.account.enter(spec.name);
      underWay += 1;
      try {
        return await new Promise((succeed, fail) => {
          waiting.push({ event, trace, succeed, fail });
          dispatch();
        });
      } finally {
        underWay -= 1;
        leave();
        for (const listener of listeners) listener();
      }
    },
  };
}
