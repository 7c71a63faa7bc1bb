import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A program that a test has started. */
export interface Program {
  readonly process: ChildProcess;
  /** Resolves once the output contains `text`; rejects if the program ends without it. */
  printed(text: string): Promise<void>;
  /** Its exit code and everything that it printed, errors last. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts a program in the root of the repository, with `env` added to the environment. */
export function start(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, output: output + errors }));
  return {
    process: child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (output.includes(text)) resolve();
        };
        waiting.add(look);
        look();
        void ended.then((end) => reject(new Error(`ended with ${end.code}, without "${text}":\n${end.output}`)));
      }),
  };
}

/** Runs a program to its end. */
export const run = (...program: Parameters<typeof start>): Program['ended'] => start(...program).ended;

/** Makes a server listen on a free port, and returns its URL. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
}

/** A URL where nothing listens. */
export async function nowhere(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}
