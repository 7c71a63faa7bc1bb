import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { playInTurn } from '../latency/samples.ts';
import { sceneryAt } from '../latency/scenery.ts';
import { wokenCall } from '../latency/woken-call.ts';
import { quantile, rounded, type Spread, spreadOf } from '../quantile.ts';
import { type BenchStack, startBenchStack } from '../scale/bench-stack.ts';
import { addPhones, connectAll, users } from '../scale/crowd.ts';
import { type Pair, ringStep } from '../scale/ring-step.ts';
import { startDeadWebhooks } from './dead-webhooks.ts';

/** A figure of a stack that has no events, and of one that has. */
export interface WithEvents {
  readonly figure: string;
  readonly off: Spread;
  readonly on: Spread;
  /** The ratio of the two medians. */
  readonly ratio: number;
  readonly calls: number;
}

/** Rings at one rate on one stack. */
export interface EventsLoad {
  readonly what: string;
  readonly rings: number;
  /** Medians of the rounds. */
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly lost: number;
}

/** What events cost a ring. */
export interface EventsResult {
  readonly latency: readonly WithEvents[];
  readonly load: readonly EventsLoad[];
  readonly rate: number;
  /** How many requests the dead webhooks got meanwhile. */
  readonly dead_requests: number;
}

export const DEAD = 5;
const FIGURES = ['ring_to_push', 'accept_to_silence', 'signal_relay'];
const RATE = 2;
const ROUNDS = 3;
const SECONDS = 15;
const PAIRS = 30;
const ON = { CARILLON_SETTINGS: JSON.stringify({ events: true }) };
const [WITHOUT, WITH, WITH_DEAD] = ['no events', 'events, no webhook', `events, ${DEAD} dead webhooks`] as const;

/** Starts three stacks, of which each has its turn again and again: what disturbs the machine hits all of them. */
export async function measureEvents(calls: number): Promise<EventsResult> {
  const webhooks = await startDeadWebhooks(DEAD);
  const stacks: [what: string, stack: BenchStack][] = [];
  try {
    for (const [what, env] of [
      [WITHOUT, {}],
      [WITH, ON],
      [WITH_DEAD, { ...ON, ...webhooks.env }],
    ] as const)
      stacks.push([what, await startBenchStack(env, `.cache/bench-events-${stacks.length}.log`)]);
    const [[, off], [, on]] = stacks as [[string, BenchStack], [string, BenchStack]];
    const latency = await inTurn(off.url, on.url, calls);
    const load = await underLoad(stacks);
    return { latency, load, rate: RATE, dead_requests: webhooks.requests() };
  } finally {
    await Promise.all(stacks.map(([, stack]) => stack.stop()));
    webhooks.stop();
  }
}

async function inTurn(off: string, on: string, calls: number): Promise<WithEvents[]> {
  const contestants = await Promise.all(
    [off, on].map(async (url) => {
      const scenery = sceneryAt(url);
      const caller = await scenery.open((await scenery.user('alice')).token);
      await caller.next('user.connected');
      return { name: url, play: wokenCall(scenery, caller) };
    }),
  );
  const warmUp = Math.ceil(calls / 2);
  const taken = await playInTurn(contestants, { calls, warmUp }, (done) => {
    if (done % 10 === 0) process.stderr.write(`events: ${done} of ${warmUp + calls} calls\n`);
  });
  return FIGURES.map((figure) => {
    const [without = [], withEvents = []] = [off, on].map((url) => taken.get(url)?.get(figure));
    const [offSpread, onSpread] = [spreadOf(without), spreadOf(withEvents)];
    const ratio = rounded(onSpread.p50_ms / offSpread.p50_ms, 2);
    return { figure, off: offSpread, on: onSpread, ratio, calls: without.length };
  });
}

async function underLoad(stacks: readonly (readonly [what: string, stack: BenchStack])[]): Promise<EventsLoad[]> {
  const random = seededRandom(1);
  const contestants = [];
  for (const [what, stack] of stacks) contestants.push({ what, stack, pairs: await makePairs(stack.url) });
  const steps = new Map<string, Awaited<ReturnType<typeof ringStep>>[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { what, stack, pairs } of contestants) {
      // A stack with dead webhooks has something to do for hours; its rings are over long before.
      const step = await ringStep({ stack, pairs, rate: RATE, seconds: SECONDS, random, settle: () => wait(5000) });
      process.stderr.write(`events: ${what}: p50 ${step.p50_ms} ms, p99 ${step.p99_ms} ms\n`);
      // The first round starts the processes.
      if (round > 0) steps.set(what, [...(steps.get(what) ?? []), step]);
    }
  }
  return [...steps].map(([what, rounds]) => {
    const medianOf = (values: readonly number[]): number =>
      quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );
    return {
      what,
      rings: rounds.reduce((sum, { rings }) => sum + rings, 0),
      p50_ms: medianOf(rounds.map(({ p50_ms }) => p50_ms)),
      p99_ms: medianOf(rounds.map(({ p99_ms }) => p99_ms)),
      lost: rounds.reduce((sum, { lost }) => sum + lost, 0),
    };
  });
}

async function makePairs(url: string): Promise<Pair[]> {
  const callers = await connectAll(url, await users(url, 'caller', PAIRS));
  const callees = await users(url, 'callee', PAIRS);
  const phones = await addPhones(url, callees);
  return callers.flatMap((caller, index) => {
    const [callee, phone] = [callees[index], phones[index]];
    return callee && phone !== undefined ? [{ caller, callee, phone }] : [];
  });
}
