import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cachedAssembly } from './assembly-cache.ts';
import type { Processes } from './aws/processes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = `${ROOT}.cache/assemblies`;

/** What the CDK app may read of our environment, and what decides about its output. */
const READ = /^(CDK_\w+|NODE_OPTIONS|NODE_PATH)$/;
/** What a process needs to run at all. */
const NEEDED = /^(PATH|HOME|TMPDIR)$/;

/** What a start hears of a build. */
export interface BuildProgress {
  /** A build begins. It is not called if nothing has to be built. */
  building(): void;
  /** The function with this name is being bundled. */
  bundling(name: string): void;
}

/** What CDK prints before it bundles a function. */
const BUNDLING = /^Bundling asset [^/]+\/([^/]+)\//;

/** A stage, and those of its settings that its template must have for this start. */
export interface StageChoice {
  readonly stage: string;
  readonly ringHook?: true;
  readonly phones?: true;
  readonly events?: true;
}

/** Writes the cloud assembly of a stage into `directory`, as `cdk synth` does, but without starting the CLI. */
export async function synthesize(
  { stage, ...overrides }: StageChoice,
  directory: string,
  processes: Processes,
  bundling: BuildProgress['bundling'] = () => undefined,
): Promise<void> {
  const { context } = JSON.parse(await readFile(`${ROOT}cdk.json`, 'utf8'));
  const app = processes.spawn(process.execPath, ['infra/app.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...variables(READ),
      ...variables(NEEDED),
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage, ...overrides }),
    },
  });
  const output: string[] = [];
  for (const stream of [app.stdout, app.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      const name = BUNDLING.exec(line)?.[1];
      if (name !== undefined) bundling(name);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the CDK app failed:\n${output.join('\n')}`);
}

/** The same, but an assembly in `.cache` is used again if nothing that it depends on has changed. */
export const synthesizeChanges = (
  choice: StageChoice,
  directory: string,
  processes: Processes,
  progress: BuildProgress,
): Promise<void> =>
  cachedAssembly(
    {
      root: ROOT,
      stage: JSON.stringify(choice),
      env: variables(READ),
      build: (into) => synthesize(choice, into, processes, (name) => progress.bundling(name)),
    },
    CACHE,
    directory,
    () => progress.building(),
  );

const variables = (names: RegExp): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      names.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
