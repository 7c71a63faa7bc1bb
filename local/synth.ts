import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cachedAssembly } from './assembly-cache.ts';
import type { Processes } from './aws/processes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = `${ROOT}.cache/assemblies`;

/** What the CDK app may read of our environment, and what decides about its output. */
const READ = /^(CDK_\w+|NODE_OPTIONS|NODE_PATH)$/;
/** What a process needs to run at all. */
const NEEDED = /^(PATH|HOME|TMPDIR)$/;

/** Writes the cloud assembly of `stage` into `directory`, as `cdk synth` does, but without starting the CLI. */
export async function synthesize(stage: string, directory: string, processes: Processes): Promise<void> {
  const { context } = JSON.parse(await readFile(`${ROOT}cdk.json`, 'utf8'));
  const app = processes.spawn(process.execPath, ['infra/app.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...variables(READ),
      ...variables(NEEDED),
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage }),
    },
  });
  const output: Buffer[] = [];
  app.stdout?.on('data', (chunk) => output.push(chunk));
  app.stderr?.on('data', (chunk) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the CDK app failed:\n${Buffer.concat(output).toString()}`);
}

/** The same, but an assembly in `.cache` is used again if nothing that it depends on has changed. `building` is called if it has to be built. */
export const synthesizeChanges = (
  stage: string,
  directory: string,
  processes: Processes,
  building: () => void,
): Promise<void> =>
  cachedAssembly(
    { root: ROOT, stage, env: variables(READ), build: (into) => synthesize(stage, into, processes) },
    CACHE,
    directory,
    building,
  );

const variables = (names: RegExp): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      names.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
