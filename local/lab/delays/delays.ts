import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaFunction } from '../../aws/lambda/invocation.ts';
import { seededRandom } from '../faults/seeded-random.ts';
import { AWS_DELAYS, type Hop } from './aws-delays.ts';
import { drawMs } from './lognormal.ts';

/** Delays like AWS's, the same in every run. */
export interface Delays {
  /** The next delay of a hop, in milliseconds. */
  nextMs(hop: Hop): number;
  /** Waits for it. */
  wait(hop: Hop): Promise<void>;
}

/** Starts to draw them. Each hop has numbers of its own, so that one more request of one kind changes no other. */
export function openDelays(seed: number): Delays {
  const randoms = new Map<Hop, () => number>();
  const randomOf = (hop: Hop): (() => number) => {
    const found = randoms.get(hop) ?? seededRandom(seed + Object.keys(AWS_DELAYS).indexOf(hop) * 1_000_003);
    randoms.set(hop, found);
    return found;
  };
  const nextMs = (hop: Hop): number => drawMs(AWS_DELAYS[hop], randomOf(hop));
  return { nextMs, wait: (hop) => sleep(nextMs(hop)) };
}

/** Functions whose invocations are late by these hops. Without `delays` they are what they were. */
export const lateBy = (
  delays: Delays | undefined,
  hops: readonly Hop[],
  functions: readonly LambdaFunction[],
): readonly LambdaFunction[] =>
  delays === undefined
    ? functions
    : functions.map((target) => ({
        name: target.name,
        ...(target.recurses !== undefined && { recurses: target.recurses }),
        async invoke(event, trace) {
          await sleep(hops.reduce((sum, hop) => sum + delays.nextMs(hop), 0));
          return target.invoke(event, trace);
        },
      }));
