import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts child processes none of which outlives the local stack, however the stack itself ends. */
export interface Processes {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Ends every child and removes the stack's scratch directory. */
  stop(): Promise<void>;
}

/**
 * A function between two invocations is a stopped process, which cannot notice that its parent has died. So one small process that
 * is never stopped watches over the others: it kills them when the pipe to the parent closes.
 */
export function watchedProcesses(scratchDirectory: string): Processes {
  const watchdog = spawn(
    process.execPath,
    [fileURLToPath(new URL('watchdog.ts', import.meta.url)), scratchDirectory],
    // A session of its own: Ctrl-C in the terminal is for the stack alone, which then stops its children in order.
    { detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  );
  // A watchdog that died is noticed when the stack stops; writing to it must not end the stack.
  watchdog.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => watchdog.once('exit', () => resolve()));
  const alive = new Set<ChildProcess>();
  let stopped = false;

  return {
    spawn(command, args, options) {
      if (stopped) throw new Error('the stack has stopped');
      const child = spawn(command, args, { ...options, detached: true });
      if (child.pid === undefined) return child;
      alive.add(child);
      watchdog.stdin.write(`+${child.pid}\n`);
      child.once('exit', () => {
        alive.delete(child);
        if (watchdog.stdin.writable) watchdog.stdin.write(`-${child.pid}\n`);
      });
      return child;
    },
    async stop() {
      stopped = true;
      const exits = [...alive].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      watchdog.stdin.end();
      await Promise.all([...exits, ended]);
    },
  };
}
