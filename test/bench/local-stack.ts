import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A local stack in another process. */
export interface LocalStack {
  readonly url: string;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

const LOG = '.cache/bench-stack.log';

/** Starts a stack on a free port, with `env` added to the environment. Its log goes to the file `path`. */
export async function startLocalStack(env: Readonly<Record<string, string>>, path = LOG): Promise<LocalStack> {
  await mkdir('.cache', { recursive: true });
  const log = await open(path, 'w');
  const child = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: '0', CARILLON_LOG: 'json', ...env },
    stdio: ['ignore', 'pipe', log.fd],
  });
  const { stdout: output } = child;
  if (!output) throw new Error('the local stack has no output');
  const exited = once(child, 'exit').then(() => log.close());
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: output }).on('line', (line) => {
      const ready = /^carillon ready on (\S+)$/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    void exited.then(() => reject(new Error(`the local stack ended: see ${path}`)));
  });
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
