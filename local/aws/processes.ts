import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts child processes. None of them outlives the local stack, however it ends. */
export interface Processes {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Has a directory of control groups removed when every child has ended. */
  removeLater(directory: string): void;
  /** Ends every child and removes the stack's scratch directory. */
  stop(): Promise<void>;
}

/**
 * Between two invocations a function is a stopped process, which cannot notice that its parent has died. One small process
 * that is never stopped therefore watches the others, and kills them when the pipe to the parent closes.
 */
export function watchedProcesses(scratchDirectory: string): Processes {
  const watchdog = spawn(
    process.execPath,
    [fileURLToPath(new URL('watchdog.ts', import.meta.url)), scratchDirectory],
    // It has a session of its own, so that Ctrl-C reaches only the stack, which then stops its children in order.
    { detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  );
  // If the watchdog has died, writing to it must not end the stack.
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
    removeLater: (directory) => void watchdog.stdin.write(`${directory}\n`),
    async stop() {
      stopped = true;
      const exits = [...alive].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      watchdog.stdin.end();
      await Promise.all([...exits, ended]);
    },
  };
}
