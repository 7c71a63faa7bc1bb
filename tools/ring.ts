import { randomUUID } from 'node:crypto';
import { runTool } from './command-line.ts';
import { deployedStack } from './ring/deployed-stack.ts';
import { follow } from './ring/follow.ts';
import { type Options, readOptions, USAGE } from './ring/options.ts';
import type { Outcome } from './ring/outcome.ts';
import { placeCall } from './ring/placed-call.ts';
import { type RingingStack, stackAt } from './ring/stack.ts';
import { type TraceEvent, traceLine } from './ring/trace-line.ts';

// Rings a user on any stack, and prints the trace of the call while it happens.

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const stackOf = ({ stage, url, token }: Options): Promise<RingingStack> =>
  stage === undefined ? stackAt(url, token ?? process.env['CARILLON_SERVER_TOKEN']) : deployedStack(stage);

async function ring(options: Options, isInterrupted: () => boolean): Promise<Outcome> {
  const { from, to, video, timeout } = options;
  const stack = await stackOf(options);
  const id = `ring-${randomUUID()}`;
  const call = await placeCall(stack, id, { from, to, video, ringMs: Math.round(timeout * 1000) });
  print(`${from} rings ${to} on ${stack.url} for ${timeout} s, call default:${id}`);
  let start: number | undefined;
  const onEvent = (event: TraceEvent): void => {
    start ??= Date.parse(event.at);
    print(traceLine(event, start));
  };
  try {
    return await follow(call, { to, hangUpAfterMs: options['hang-up-after'] * 1000, isInterrupted, onEvent });
  } catch (error) {
    // Do not leave phones ringing if the tool fails.
    await call.hangUp().catch(() => undefined);
    throw error;
  } finally {
    call.close();
  }
}

/** What to do if a callee could not be rung, by the reason. */
const ADVICE: Readonly<Record<string, string>> = {
  no_devices:
    'has no phone that can be rung and no connected app: let the app register its push token (POST /api/v2/devices) while they are logged in.',
  all_tokens_dead: 'has only dead push tokens: open the app on the phone, so that it registers a new one.',
  push_rejected:
    'got no push, for the reasons above: compare the secret push-providers with the app that registered the token.',
  busy: 'is in another call: ring again when it is over.',
};

function conclude({ reached, verdict, unreachable }: Outcome, { to }: Options): void {
  if (verdict !== undefined) print(`\n${verdict}`);
  if (unreachable !== undefined) print(`${to} ${ADVICE[unreachable] ?? `was not rung: ${unreachable}`}`);
  if (!reached) process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return print(USAGE);
  let interrupted = false;
  // A second Ctrl-C ends the tool at once.
  process.once('SIGINT', () => {
    interrupted = true;
  });
  conclude(await ring(options, () => interrupted), options);
}

await runTool(USAGE, main);
