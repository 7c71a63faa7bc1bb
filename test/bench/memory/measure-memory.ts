import { LIKE_AWS, tellShares } from '../like-aws.ts';
import { startLocalStack } from '../local-stack.ts';
import { type Spread, spreadOf } from '../quantile.ts';
import { type Cast, castAt, playSteps, type Taken } from './steps.ts';

/** The memories that are compared, in MB: 1769 MB are one processor, 3008 MB the most that a new account has. */
export const MEMORIES = [512, 1024, 1769, 3008];

/** What a function takes for one invocation, and what Lambda bills for it. */
export interface FunctionTimes {
  readonly name: string;
  readonly memory_mb: number;
  readonly warm: Spread;
  /** From its event in a process that has just initialised, without the initialisation. */
  readonly cold: Spread;
  readonly init: Spread;
  /** Of a warm invocation. */
  readonly gb_seconds: number;
  readonly cold_gb_seconds: number;
}

/** Rings with one memory of all functions, or with what the template gives each of them. */
export interface MemoryResult {
  readonly memory_mb: number | 'template';
  readonly ring_to_push: Spread;
  /** Every function is new. */
  readonly cold_ring_to_push: Spread;
  /** The initialisations of the two functions on the way of a cold ring, together. */
  readonly cold_init: Spread;
  readonly functions: readonly FunctionTimes[];
}

/** How many rings are measured. */
export interface Often {
  readonly warm: number;
  readonly cold: number;
}

const WARM_UP = 15;

/** Measures with each memory and with what the template has. Their stacks take turns, so that what disturbs the machine hits all of them. */
export async function measureMemory(often: Often): Promise<MemoryResult[]> {
  const grounds: Ground[] = [];
  try {
    for (const memory of [...MEMORIES, 'template'] as const) grounds.push(await startGround(memory));
    const [first] = grounds;
    if (first) await tellShares(first.url);
    const play = async (times: number, isCold: boolean, kept: (ground: Ground, taken: Taken) => void) => {
      for (let nth = 1; nth <= times; nth += 1) {
        for (const ground of grounds) kept(ground, await playSteps(ground.cast, isCold));
        if (nth % 10 === 0) process.stderr.write(`memory: ${nth} ${isCold ? 'cold' : 'warm'} rings with each\n`);
      }
    };
    await play(WARM_UP, false, () => undefined);
    await play(often.warm, false, ({ warm }, taken) => warm.push(taken));
    await play(often.cold, true, ({ cold }, taken) => cold.push(taken));
    for (const { cast } of grounds) await cast.scenery.assertNoBreach();
    return grounds.map(({ memory_mb, warm, cold }) => judged(memory_mb, warm, cold));
  } finally {
    await Promise.all(grounds.map(({ stop }) => stop()));
  }
}

/** A stack with one memory, and what was measured there. */
interface Ground {
  readonly memory_mb: MemoryResult['memory_mb'];
  readonly url: string;
  readonly cast: Cast;
  readonly warm: Taken[];
  readonly cold: Taken[];
  stop(): Promise<void>;
}

async function startGround(memory_mb: MemoryResult['memory_mb']): Promise<Ground> {
  const memory = memory_mb !== 'template' && { CARILLON_MEMORY_MB: String(memory_mb) };
  const { url, stop } = await startLocalStack({ ...LIKE_AWS, ...memory }, `.cache/bench-stack-${memory_mb}.log`);
  const cast = await castAt(url);
  const leave = async (): Promise<void> => {
    cast.pair.close();
    await stop();
  };
  return { memory_mb, url, cast, warm: [], cold: [], stop: leave };
}

/** The functions on the way of a ring. */
export const ON_THE_WAY: ReadonlySet<string> = new Set(['command', 'ring']);

/** The figures of warm and cold rings. */
export function judged(
  memory_mb: MemoryResult['memory_mb'],
  warm: readonly Taken[],
  cold: readonly Taken[],
): MemoryResult {
  const names = [...new Set(warm.flatMap(({ invocations }) => invocations.map(({ name }) => name)))];
  return {
    memory_mb,
    ring_to_push: spreadOf(warm.map(({ ringMs }) => ringMs)),
    cold_ring_to_push: spreadOf(cold.map(({ ringMs }) => ringMs)),
    cold_init: spreadOf(
      cold.map(({ invocations }) =>
        invocations.reduce((sum, { name, initMs }) => sum + (ON_THE_WAY.has(name) ? initMs : 0), 0),
      ),
    ),
    functions: names.map((name) => {
      const of = (taken: readonly Taken[]) =>
        taken.flatMap(({ invocations }) => invocations.filter((each) => each.name === name));
      const [warmOnes, coldOnes] = [of(warm), of(cold)];
      const memoryMb = warmOnes[0]?.memoryMb ?? 0;
      const gb = memoryMb / 1024;
      return {
        name,
        memory_mb: memoryMb,
        warm: spreadOf(warmOnes.map(({ ms }) => ms)),
        cold: spreadOf(coldOnes.map(({ ms }) => ms)),
        init: spreadOf(coldOnes.map(({ initMs }) => initMs)),
        gb_seconds: (mean(warmOnes.map(({ ms }) => ms)) / 1000) * gb,
        cold_gb_seconds: (mean(coldOnes.map(({ ms, initMs }) => ms + initMs)) / 1000) * gb,
      };
    }),
  };
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
