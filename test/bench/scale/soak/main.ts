import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { api } from '../../../support/raw-client.ts';
import { explain } from '../../usage-error.ts';
import { arrivals } from '../arrivals.ts';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { users } from '../crowd.ts';
import { eachOf } from '../each-of.ts';
import { openApp, withPhones } from '../short-call.ts';
import type { Finding } from './finding.ts';
import { functionHeaps } from './function-heaps.ts';
import { judgeLeftovers } from './judge-leftovers.ts';
import { judgeFunctionHeaps, judgeResident, judgeStackHeap } from './judge-memory.ts';
import { leftovers } from './leftovers.ts';
import { forgetPushes, LIVES, type Trio } from './lives.ts';
import { watchMemory } from './memory-watch.ts';
import { readSoakOptions, type SoakOptions, USAGE } from './options.ts';

// Plays calls of every kind for a while. Then nothing of them may be left that should have gone.

/** More users than are ever in a call at once, so that some are always free. */
const TRIOS = 60;

async function main(): Promise<void> {
  const options = readSoakOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(`${USAGE}\n`);
  const stack = await startBenchStack();
  try {
    const { calls, findings } = await soak(stack, options);
    process.stdout.write(`${calls} calls in ${options.minutes} minutes: ${Object.keys(LIVES).join(', ')}\n`);
    for (const { isGood, what, seen } of findings)
      process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'}  ${what} (${seen})\n`);
    if (findings.some(({ isGood }) => !isGood)) process.exitCode = 1;
  } finally {
    await stack.stop();
  }
}

/** Makes users call each other, closes all sockets, and judges what is left. */
async function soak(stack: BenchStack, options: SoakOptions): Promise<{ calls: number; findings: Finding[] }> {
  const trios = await gather(stack.url);
  const all = [...trios];
  const over = new AbortController();
  const memory = watchMemory(stack, over.signal);
  const early = wait((options.minutes * 60_000) / 3).then(() => functionHeaps(stack));
  const { calls, failures } = await callFor(options, stack.url, trios);
  over.abort();
  for (const { caller } of all) caller.carillon.close();
  await api(stack.url).request('GET', '/_local/quiet?connections=0');
  const { body } = await api(stack.url).request('GET', '/_local/usage');
  const series = await memory;
  const findings = [
    ...judgeLeftovers(failures, await leftovers(stack)),
    judgeStackHeap(series.stackHeap),
    ...judgeFunctionHeaps(await early, await functionHeaps(stack)),
    ...judgeResident(series, (what) => body.lambda[what]?.memory_mb ?? 0),
  ];
  return { calls, findings };
}

async function gather(url: string): Promise<Trio[]> {
  const callers = await eachOf(await users(url, 'caller', TRIOS), 10, (user) => openApp(url, user));
  const thirds = await users(url, 'third', TRIOS);
  const callees = await eachOf(await users(url, 'callee', TRIOS), 5, (user) => withPhones(url, user));
  return callers.flatMap((caller, index) => {
    const [callee, third] = [callees[index], thirds[index]];
    return callee && third ? [{ caller, callee, third }] : [];
  });
}

/** Starts calls at random moments, one kind after the other. */
async function callFor(
  { minutes, rate }: SoakOptions,
  url: string,
  free: Trio[],
): Promise<{ readonly calls: number; readonly failures: readonly string[] }> {
  const startedAt = Date.now();
  const kinds = Object.entries(LIVES);
  const failures: string[] = [];
  const running: Promise<void>[] = [];
  const fail = (why: string): void => {
    failures.push(why);
    process.stderr.write(`soak: ${why}\n`);
  };
  for (const [nth, afterMs] of arrivals(rate, minutes * 60, seededRandom(1)).entries()) {
    await wait(Math.max(0, startedAt + afterMs - Date.now()));
    const trio = free.shift();
    const [kind, live] = kinds[nth % kinds.length] ?? [];
    if (!trio || !live) {
      fail('nobody was free to call');
      continue;
    }
    const life = live(url, trio).then(
      async () => {
        await forgetPushes(url, trio.callee);
        free.push(trio);
      },
      // The state of these three is unknown now, so they make no more calls.
      (error: unknown) => fail(`${kind}: ${error instanceof Error ? error.message : String(error)}`),
    );
    running.push(life);
    if (nth % 100 === 0) process.stderr.write(`soak: ${nth} calls\n`);
  }
  await Promise.all(running);
  return { calls: running.length, failures };
}

await main().catch(explain);
