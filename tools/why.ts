import { type Clock, epochMs } from '#domain/time.ts';
import { runTool } from './command-line.ts';
import { deploymentOf } from './doctor/deployment.ts';
import { operatorToken } from './operator-token.ts';
import { evidenceFor } from './why/evidence.ts';
import { type Options, readOptions, USAGE } from './why/options.ts';
import { localRefusals, stageRefusals } from './why/refusals.ts';
import { isAnswer, report } from './why/report.ts';

// Says why a user's phone rang or did not ring, from nothing but the user and a time.

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const clock: Clock = () => epochMs(Date.now());

async function answer(options: Options): Promise<void> {
  const { stage, url, name } = options;
  const deployment = await deploymentOf(options);
  const token = await operatorToken(() => deployment.secret('token-keys'), name, clock);
  const findRefusals = stage === undefined ? localRefusals(url) : stageRefusals(stage);
  const evidence = await evidenceFor({ url: deployment.url, token }, findRefusals, options);
  print(report(options, evidence));
  if (!isAnswer(evidence)) process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), Date.now());
  if (!options) return print(USAGE);
  await answer(options);
}

await runTool(USAGE, main);
