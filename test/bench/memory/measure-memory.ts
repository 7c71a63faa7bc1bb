import { startWebhooks } from '../events/bench-webhooks.ts';
import { LIKE_AWS, tellShares } from '../like-aws.ts';
import { type LocalStack, startLocalStack } from '../local-stack.ts';
import { type Spread, spreadOf } from '../quantile.ts';
import { type Cast, castAt, type Invocation, playLateSteps, playSteps, ringCastAt, type Taken } from './steps.ts';

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
/** Late steps wait for rings to run out, and each has several: so there are fewer of them. */
const FEWER = 5;

/** What was measured on a stack, warm and cold. */
export interface Rounds<T> {
  readonly warm: readonly T[];
  readonly cold: readonly T[];
}

/** Measures with each memory and with what the template has: what somebody waits for, then what nobody waits for. */
export async function measureMemory(often: Often): Promise<MemoryResult[]> {
  const ringing = { what: 'rings', env: LIKE_AWS, openAt: ringCastAt, play: playSteps };
  const rings = await measureInTurn({ ...often, warmUp: WARM_UP }, ringing);
  const webhooks = await startWebhooks(1, false);
  try {
    const env = { ...LIKE_AWS, CARILLON_SETTINGS: JSON.stringify({ events: true }), ...webhooks.env };
    const seldom = { warmUp: WARM_UP / FEWER, warm: Math.ceil(often.warm / FEWER), cold: often.cold };
    const late = await measureInTurn(seldom, { what: 'late steps', env, openAt: castAt, play: playLateSteps });
    return WAYS.map((memory_mb, nth) => judged(memory_mb, rings[nth] ?? NOTHING, late[nth] ?? NOTHING));
  } finally {
    webhooks.stop();
  }
}

const WAYS = [...MEMORIES, 'template'] as const;
const NOTHING = { warm: [], cold: [] };

/** What is played on stacks that are started with `env`. */
interface Play<C extends Cast, T> {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  openAt(url: string): Promise<C>;
  play(cast: C, isCold: boolean): Promise<T>;
}

/** Plays on a stack for each memory. They take turns, so that what disturbs the machine hits all of them. */
async function measureInTurn<C extends Cast, T>(
  often: Often & { readonly warmUp: number },
  { what, env, openAt, play }: Play<C, T>,
): Promise<Rounds<T>[]> {
  const stacks: LocalStack[] = [];
  const grounds: { readonly cast: C; readonly warm: T[]; readonly cold: T[] }[] = [];
  try {
    for (const memory_mb of WAYS) {
      const memory = memory_mb !== 'template' && { CARILLON_MEMORY_MB: String(memory_mb) };
      const stack = await startLocalStack({ ...env, ...memory }, `.cache/bench-stack-${memory_mb}.log`);
      stacks.push(stack);
      grounds.push({ cast: await openAt(stack.url), warm: [], cold: [] });
    }
    if (stacks[0]) await tellShares(stacks[0].url);
    const round = async (
      times: number,
      isCold: boolean,
      kept: (ground: (typeof grounds)[number], taken: T) => void,
    ) => {
      for (let nth = 1; nth <= times; nth += 1) {
        for (const ground of grounds) kept(ground, await play(ground.cast, isCold));
        if (nth % 10 === 0 || nth === times)
          process.stderr.write(`memory: ${nth} ${isCold ? 'cold' : 'warm'} ${what} with each\n`);
      }
    };
    await round(often.warmUp, false, () => undefined);
    await round(often.warm, false, ({ warm }, taken) => warm.push(taken));
    await round(often.cold, true, ({ cold }, taken) => cold.push(taken));
    for (const { cast } of grounds) await cast.scenery.assertNoBreach();
    return grounds.map(({ warm, cold }) => ({ warm, cold }));
  } finally {
    for (const { cast } of grounds) cast.close();
    await Promise.all(stacks.map((stack) => stack.stop()));
  }
}

/** The functions on the way of a ring. */
export const ON_THE_WAY: ReadonlySet<string> = new Set(['command', 'ring']);

/** The figures of warm and cold rings. */
export function judged(
  memory_mb: MemoryResult['memory_mb'],
  { warm, cold }: Rounds<Taken>,
  late: Rounds<readonly Invocation[]>,
): MemoryResult {
  const warmInvocations = [...warm.flatMap(({ invocations }) => invocations), ...late.warm.flat()];
  const coldInvocations = [...cold.flatMap(({ invocations }) => invocations), ...late.cold.flat()];
  const names = [...new Set(warmInvocations.map(({ name }) => name))];
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
      const warmOnes = warmInvocations.filter((each) => each.name === name);
      const coldOnes = coldInvocations.filter((each) => each.name === name);
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
