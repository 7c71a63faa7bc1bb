import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { type BenchStack, startBenchStack } from './bench-stack.ts';
import { bottleneckOf } from './bottleneck.ts';
import { addPhones, connectAll, users } from './crowd.ts';
import { attach } from './machine/attach.ts';
import type { CpuUsage } from './machine/cpu-usage.ts';
import { type HotSpots, hotSpots } from './machine/hot-spots.ts';
import { openInspector, profileDuring } from './machine/inspector.ts';
import { LEAD_IN_MS, type Pair, ringStep, type Step, type StepResult } from './ring-step.ts';

/** A step, and the CPU usage during it. */
export interface RateStep extends Omit<StepResult, 'cpu'> {
  readonly cpu: Pick<CpuUsage, 'cores' | 'machine'>;
}

/** How many rings a second this machine can process. */
export interface RingRate {
  readonly steps: readonly RateStep[];
  /** The highest rate whose p99 was below twice that of the lowest rate. */
  readonly sustained_per_s: number;
  /** The rate at which it had doubled; absent if it never did. */
  readonly doubled_at_per_s?: number;
  /** In words. */
  readonly bottleneck: string;
  /** Profiles from another step at that rate: the emulator's main process, and the busiest process of the busiest function. */
  readonly profiles: readonly (HotSpots & { readonly what: string })[];
}

/** How long it takes to start all processes that the steps may need. */
const WARM_UP_RATE = 20;
const PROFILE_MS = 5000;
const LOWEST = 8;
const GROWTH = 1.3;
const MOST_STEPS = 9;
/** The p99 of fewer rings would be the time of a single one. */
const LOWEST_SECONDS = 20;
const SECONDS = 8;
/** Enough for the fastest step: each ring occupies two users for a little over three seconds. */
const PAIRS = 240;

/** Raises the rate in steps until the p99 of ring to push has doubled. */
export async function measureRingRate(): Promise<RingRate> {
  const stack = await startBenchStack();
  try {
    const pairs = await makePairs(stack.url);
    const random = seededRandom(1);
    const at = (rate: number, seconds = SECONDS): Step => ({ stack, pairs, rate, seconds, random });
    await ringStep(at(WARM_UP_RATE));
    const { steps, doubled } = await stepUp(at);
    const last = doubled ?? steps.at(-1);
    if (!last) throw new Error('no step was made');
    const [profiles] = await Promise.all([profiled(stack, last.cpu), ringStep(at(last.rate))]);
    const isBelow = (step: StepResult): boolean => step !== doubled;
    return {
      steps: steps.map(({ cpu: { cores, machine }, ...of }) => ({ ...of, cpu: { cores, machine } })),
      sustained_per_s: Math.max(...steps.filter(isBelow).map(({ rate }) => rate)),
      ...(doubled && { doubled_at_per_s: doubled.rate }),
      bottleneck: bottleneckOf(last.cpu, last.cold_starts),
      profiles,
    };
  } finally {
    await stack.stop();
  }
}

/** Adds a step until two have doubled: a single one may have been disturbed by other work. */
async function stepUp(
  at: (rate: number, seconds?: number) => Step,
): Promise<{ readonly steps: readonly StepResult[]; readonly doubled?: StepResult }> {
  const lowest = await ringStep(at(LOWEST, LOWEST_SECONDS));
  const steps = [lowest];
  const isDoubled = ({ p99_ms }: StepResult): boolean => p99_ms >= 2 * lowest.p99_ms;
  for (let rate = LOWEST * GROWTH; steps.length < MOST_STEPS; rate *= GROWTH) {
    const first = await ringStep(at(Math.round(rate)));
    const step = isDoubled(first) ? await ringStep(at(Math.round(rate))) : first;
    steps.push(step);
    if (isDoubled(step)) return { steps, doubled: step };
  }
  return { steps };
}

/** Profiles the emulator and the busiest function during rings. */
async function profiled(stack: BenchStack, { busiest_function }: CpuUsage): Promise<RingRate['profiles']> {
  await wait(LEAD_IN_MS);
  const lines = [
    { what: 'stack', line: () => openInspector(stack.inspector) },
    { what: busiest_function.what, line: () => attach(busiest_function.pid) },
  ];
  return Promise.all(
    lines.map(async ({ what, line }) => {
      const inspector = await line();
      const profile = await profileDuring(inspector, () => wait(PROFILE_MS));
      await inspector.close();
      return { what, ...(await hotSpots(profile)) };
    }),
  );
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
