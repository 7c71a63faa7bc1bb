import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Clock, epochMs } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { runTool } from './command-line.ts';
import { checkAccount } from './doctor/check-account.ts';
import { checkPush } from './doctor/check-push.ts';
import { checkStack } from './doctor/check-stack.ts';
import { checkTokenKeys } from './doctor/check-token-keys.ts';
import { checkTurn } from './doctor/check-turn.ts';
import { checkWebhooks } from './doctor/check-webhooks.ts';
import { type Deployment, deploymentOf } from './doctor/deployment.ts';
import { faultsOf } from './doctor/faults.ts';
import { findingLine } from './doctor/finding.ts';
import { keepFindings } from './doctor/keep-findings.ts';
import { readTarget, USAGE } from './doctor/options.ts';

// Checks end to end that a stack can ring, and says what to fix.

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const clock: Clock = () => epochMs(Date.now());

async function examine(deployment: Deployment): Promise<Finding[]> {
  const { url, secret, ca, concurrency, webhooks } = deployment;
  if (ca !== undefined) setDefaultCACertificates([...getCACertificates('default'), ca]);
  const stack = await checkStack(url, clock);
  const keys = stack.some(({ state }) => state === 'good')
    ? await checkTokenKeys(url, () => secret('token-keys'), clock)
    : [];
  return [
    ...stack,
    ...keys,
    ...(await checkAccount(concurrency)),
    ...(await checkPush(deployment, clock)),
    ...(await checkTurn(() => secret('turn'), clock)),
    ...(await checkWebhooks(webhooks)),
  ];
}

async function main(): Promise<void> {
  const target = readTarget(process.argv.slice(2));
  if (!target) return print(USAGE);
  const deployment = await deploymentOf(target);
  const findings = await examine(deployment);
  for (const finding of findings) print(findingLine(finding));
  const faults = findings.filter(({ state }) => state === 'fix').length;
  print(faults === 0 ? '\nThis stack can ring.' : `\n${faults} to fix.`);
  await keepFindings(deployment, findings, target.name, clock).catch((error: unknown) =>
    print(`The console will not show this: ${faultsOf(error)}.`),
  );
  // The senders keep connections to the push services open, which would keep the process alive.
  process.exit(faults === 0 ? 0 : 1);
}

await runTool(USAGE, main);
