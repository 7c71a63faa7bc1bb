import { randomUUID } from 'node:crypto';
import { answeredAt } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import { isOfTheApp, type UserPrincipal } from '#domain/identity.ts';
import {
  type CountedRing,
  endOfWindow,
  PAIR_WINDOW_MS,
  type RingRate,
  secondsUntil,
  unanswered,
} from '#domain/protection/ring-rate.ts';
import { type Clock, type EpochMs, epochMs, HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { RingCounters } from '#ports/ring-counters.ts';

export interface CountRingDeps {
  readonly ringCounters: RingCounters;
  readonly calls: CallStore;
  readonly clock: Clock;
  /** How often users may ring. @default as often as they like */
  readonly ringRate?: RingRate | undefined;
}

/** Takes back what was counted, since the ring was refused or rang nobody. */
export type Uncount = () => Promise<void>;

/** For a ring that was not counted. */
export const uncounted: Uncount = async () => undefined;

/** Counts a ring that a user is about to start, or refuses it. Those of the app's own backend and of operators are not counted. */
export const countRing =
  (deps: CountRingDeps) =>
  async (user: UserPrincipal, cid: string, callees: readonly string[]): Promise<Uncount> => {
    const { ringRate, ringCounters, clock } = deps;
    if (!ringRate || isOfTheApp(user)) return uncounted;
    const at = clock();
    const ring = { by: user.userId, cid, callees, at, nonce: randomUUID().slice(0, 8) };
    const counted = await ringCounters.count(ring, ringRate);
    if (counted.kind === 'full') {
      const ms = counted.window === 'hour' ? HOUR_MS : MINUTE_MS;
      throw tooMany(`at most ${ringRate[counted.window]} rings a ${counted.window}`, endOfWindow(at, ms), at);
    }
    const uncount: Uncount = () => ringCounters.uncount(ring);
    const insistent = [...counted.recent].filter(([, rings]) => rings.length > ringRate.pair);
    if (await isUnanswered(deps, ringRate, insistent)) {
      await uncount();
      const why = `at most ${ringRate.pair} rings in 5 minutes to somebody who does not answer`;
      throw tooMany(why, endOfWindow(at, PAIR_WINDOW_MS), at);
    }
    return uncount;
  };

const tooMany = (why: string, until: EpochMs, now: EpochMs): ServiceError =>
  new ServiceError('rate_limited', why, { retryAfterS: secondsUntil(until, now) });

/**
 * Whether one of these callees has been rung too often since their last answer. Whether they have answered is looked up
 * only here: so an answer costs no write.
 */
async function isUnanswered(
  { calls }: CountRingDeps,
  { pair }: RingRate,
  insistent: readonly (readonly [userId: string, rings: readonly CountedRing[]])[],
): Promise<boolean> {
  if (insistent.length === 0) return false;
  const cids = new Set(insistent.flatMap(([, rings]) => rings.map(({ cid }) => cid)));
  const found = await calls.findAll([...cids]);
  return insistent.some(([userId, rings]) => {
    const of = new Set(rings.map(({ cid }) => cid));
    const answers = found.filter(({ cid }) => of.has(cid)).flatMap((call) => answeredAt(call, userId) ?? []);
    const latest = answers.length === 0 ? undefined : epochMs(Math.max(...answers));
    return unanswered(rings, latest).length > pair;
  });
}
