import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the local stack is that the tests of a project share. */
    readonly stackUrl: string;
  }
}

const READY = /^carillon ready on (\S+)$/;

/** Starts a local stack once for all tests of a project; its logs go to a file, and those of the integration tests' are read by one of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const logFile = project.name === 'integration' ? '.cache/stack-log.txt' : `.cache/stack-log-${project.name}.txt`;
  mkdirSync('.cache', { recursive: true });
  const stack = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: '0', CARILLON_STAGE: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  stack.stderr.pipe(log);
  const exited = once(stack, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stack.stdout }).on('line', (line) => {
      const ready = READY.exec(line)?.[1];
      if (ready) resolve(ready);
    });
    stack.on('exit', (code) => reject(new Error(`the local stack exited with ${code}: see ${logFile}`)));
  });
  project.provide('stackUrl', url);
  return async () => {
    stack.kill('SIGTERM');
    await exited;
  };
}
