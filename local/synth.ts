import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Processes } from './aws/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes the cloud assembly of `stage` into `directory`: what `cdk synth` would write, without the CLI's own start-up time. */
export async function synthesize(stage: string, directory: string, processes: Processes): Promise<void> {
  const { context } = JSON.parse(await readFile(`${root}cdk.json`, 'utf8'));
  const app = processes.spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage }) },
  });
  const output: Buffer[] = [];
  app.stdout?.on('data', (chunk) => output.push(chunk));
  app.stderr?.on('data', (chunk) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the CDK app did not synthesize:\n${Buffer.concat(output).toString()}`);
}
