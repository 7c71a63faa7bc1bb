import { setTimeout as wait } from 'node:timers/promises';
import { quantile, rounded } from '../quantile.ts';
import { arrivals } from './arrivals.ts';
import type { BenchStack } from './bench-stack.ts';
import { fresh, type Online, received, type User } from './crowd.ts';
import { eachOf } from './each-of.ts';
import { type CpuUsage, watchCpu } from './machine/cpu-usage.ts';
import { quiet } from './quiet.ts';
import { coldStarts } from './usage.ts';

/** A caller who is online, and a callee with one Android phone, whose app is closed. */
export interface Pair {
  readonly caller: Online;
  readonly callee: User;
  readonly phone: string;
}

/** The results of one rate. */
export interface StepResult {
  /** The requested rings a second. */
  readonly rate: number;
  readonly rings: number;
  /** From the due time of a ring until the push service had it; infinite (null in JSON) if too many never came. */
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Rings without a push. */
  readonly lost: number;
  /** Processes of functions that were started while rings counted. */
  readonly cold_starts: number;
  /** The CPU usage from the first ring that counted to the last. */
  readonly cpu: CpuUsage;
}

/** How to ring. */
export interface Step {
  readonly stack: BenchStack;
  readonly pairs: Pair[];
  readonly rate: number;
  readonly seconds: number;
  readonly random: () => number;
}

/** A ring with its due time, and its call, if a pair of users was free for it. */
interface DueRing {
  readonly due: number;
  readonly cid: string | undefined;
}

/** How long the processes that a rate needs may take to start, before rings count. */
export const LEAD_IN_MS = 2000;
/** How long the caller waits before the cancel: longer than any push should take, since none follows a cancel. */
const RINGS_FOR_MS = 3000;

/**
 * Lets rings come at their time, whatever became of those before: a ring that had to wait has waited from when it was
 * due, so that a stack which falls behind is seen to. Each is cancelled after three seconds, which is work as well.
 */
export async function ringStep({ stack, pairs, rate, seconds, random }: Step): Promise<StepResult> {
  const startsAt = Date.now();
  const countsFrom = startsAt + LEAD_IN_MS;
  const all = [...pairs];
  const usage = wait(LEAD_IN_MS).then(() => watchCpu(stack));
  const startedBefore = wait(LEAD_IN_MS).then(() => coldStarts(stack.url));
  const rings: DueRing[] = [];
  const ends: Promise<void>[] = [];
  for (const afterMs of arrivals(rate, LEAD_IN_MS / 1000 + seconds, random)) {
    const due = startsAt + afterMs;
    const leftMs = due - Date.now();
    if (leftMs > 0) await wait(leftMs);
    const pair = pairs.shift();
    const id = fresh('ring');
    rings.push({ due, cid: pair && `default:${id}` });
    if (pair) ends.push(ringAndCancel(pair, id).then(() => void pairs.push(pair)));
  }
  const cpu = await (await usage)();
  const started = (await coldStarts(stack.url)) - (await startedBefore);
  await Promise.allSettled(ends);
  await quiet(stack.url);
  const pushedAt = await pushTimes(stack.url, all);
  const times = rings
    .filter(({ due }) => due >= countsFrom)
    .map(({ due, cid = '' }) => (pushedAt.get(cid) ?? Number.POSITIVE_INFINITY) - due)
    .toSorted((a, b) => a - b);
  const lost = times.filter((ms) => ms === Number.POSITIVE_INFINITY).length;
  return {
    rate,
    rings: times.length,
    p50_ms: rounded(quantile(times, 0.5), 1),
    p99_ms: rounded(quantile(times, 0.99), 1),
    lost,
    cold_starts: started,
    cpu,
  };
}

/** One call that nobody answers. If the caller's command is not answered, the pair is not used again. */
async function ringAndCancel({ caller, callee }: Pair, id: string): Promise<void> {
  const rungAt = performance.now();
  const members = [{ user_id: callee.id }];
  const { type } = await caller.socket.ask({ type: 'call.ring', call_id: id, members, offer: OFFER });
  if (type !== 'response') throw new Error(`not rung: ${id}`);
  await wait(Math.max(0, RINGS_FOR_MS - (performance.now() - rungAt)));
  await caller.socket.ask({ type: 'call.cancel', call_cid: `default:${id}` });
}

/** An offer of a usual size, about 2 KB. */
const OFFER = { type: 'offer', sdp: `v=0\r\n${'a=rtpmap:111 opus/48000/2\r\n'.repeat(70)}` };

/** When the push service got the ring of each call. */
async function pushTimes(url: string, pairs: readonly Pair[]): Promise<Map<string, number>> {
  const all = await eachOf(pairs, 20, ({ phone }) => received(url, phone));
  const rings = all.flat().filter(({ keys }) => keys['type'] === 'call.ring');
  return new Map(rings.map(({ at, keys }) => [keys['call_cid'] ?? '', at]));
}
