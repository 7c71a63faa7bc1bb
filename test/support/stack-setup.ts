import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { leaksIn } from './leaks.ts';
import { forgetSecrets, secretsSent } from './secrets-sent.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the local stack that the tests of a project share. */
    readonly stackUrl: string;
    /** The file with that stack's log, and the file in which the tests note what they sent and no log may hold. */
    readonly stackFiles: { readonly log: string; readonly secrets: string };
  }
}

const READY = /^carillon ready on (\S+)$/;

/** What comes before the stack is ready; after that it explains how to use it. */
const isProgress = (line: string): boolean => line.endsWith('…');

/** The app's backend is told of calls where tests listen to what it hears; elsewhere the functions have less to do. */
const settingsFor = (project: string): Record<string, string> => ({
  ...(!['apps', 'secrets'].includes(project) && { CARILLON_SETTINGS: JSON.stringify({ events: false }) }),
  // A check of the rights to the table takes half a millisecond, and there the time does not matter.
  ...(project === 'secrets' && { CARILLON_IAM: 'true' }),
});

/**
 * Starts one local stack for all tests of a project and says so, since no test prints anything before it is up. Its log
 * goes to a file, which is searched for secrets after the last test.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const of = project.name === 'integration' ? '' : `-${project.name}`;
  const files = { log: `.cache/stack-log${of}.txt`, secrets: `.cache/stack-secrets${of}.txt` };
  const startedAt = performance.now();
  const tell = (line: string): void => void process.stdout.write(`[${project.name}] ${line}\n`);
  mkdirSync('.cache', { recursive: true });
  forgetSecrets(files.secrets);
  const stack = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: '0', CARILLON_STAGE: 'test', CARILLON_LOG: 'json', ...settingsFor(project.name) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(files.log);
  stack.stderr.pipe(log);
  const exited = once(stack, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stack.stdout }).on('line', (line) => {
      const ready = READY.exec(line)?.[1];
      if (ready) resolve(ready);
      else if (isProgress(line)) tell(line);
    });
    stack.on('exit', (code) => reject(new Error(`the local stack exited with ${code}: see ${files.log}`)));
  });
  tell(`The local stack is ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  project.provide('stackUrl', url);
  project.provide('stackFiles', files);
  return async () => {
    stack.kill('SIGTERM');
    await exited;
    await finished(log);
    failOnLeaks(files);
  };
}

/** Fails the run if the functions have logged what no log may hold. */
function failOnLeaks({ log, secrets }: ProvidedContext['stackFiles']): void {
  const leaks = leaksIn(readFileSync(log, 'utf8'), secretsSent(secrets));
  if (leaks.length === 0) return;
  const shown = leaks.slice(0, 5).map(({ kind, line }) => `${kind}: ${line.slice(0, 1000)}`);
  throw new Error(`${leaks.length} lines of ${log} hold a secret:\n${shown.join('\n')}`);
}
