import { type Clock, epochMs } from '#domain/time.ts';
import { runTool } from './command-line.ts';
import { type Options, readOptions, USAGE } from './console/options.ts';
import { deploymentOf } from './doctor/deployment.ts';
import { operatorToken } from './operator-token.ts';

// Makes an operator token, and prints the address of the console with it. In the fragment it reaches no log.

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const clock: Clock = () => epochMs(Date.now());

async function addressFor({ stage, url, name }: Options): Promise<string> {
  const deployment = await deploymentOf({ stage, url });
  if (!deployment.hasEdge)
    throw new Error(`the stage ${stage} has no edge, and so no console: see "The edge" in docs/deploy.md`);
  const token = await operatorToken(() => deployment.secret('token-keys'), name, clock);
  return `${new URL('/console/', deployment.url)}#token=${token}`;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  print(options ? await addressFor(options) : USAGE);
}

await runTool(USAGE, main);
