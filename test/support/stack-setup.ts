import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the local stack is that the integration tests share. */
    readonly stackUrl: string;
  }
}

const READY = /^carillon ready on (\S+)$/;

/** Starts the local stack once for all integration tests; its logs go to a file that a test greps. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  mkdirSync('.cache', { recursive: true });
  const stack = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: '0', CARILLON_STAGE: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream('.cache/stack-log.txt');
  stack.stderr.pipe(log);
  const exited = once(stack, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stack.stdout }).on('line', (line) => {
      const ready = READY.exec(line)?.[1];
      if (ready) resolve(ready);
    });
    stack.on('exit', (code) => reject(new Error(`the local stack exited with ${code}: see .cache/stack-log.txt`)));
  });
  project.provide('stackUrl', url);
  return async () => {
    stack.kill('SIGTERM');
    await exited;
  };
}
