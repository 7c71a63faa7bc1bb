import type { PushFakes } from '#local/push/push-fakes.ts';
import type { PushRecord } from '#local/push/push-log.ts';
import { quantile } from '../quantile.ts';
import { type BenchDevice, type BenchRing, RING_MS } from './rings.ts';
import type { Trace } from './traces.ts';

/** The results of a sender in a trace. */
export interface Result {
  /** Rings of callees who had a device that could be reached. */
  readonly reachable: number;
  /** Those of them in which a push reached a live device before the deadline. */
  readonly reached: number;
  /** Milliseconds from the ring to its first accepted push, over the rings that were reached. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Pushes that a device got again: after a lost answer, and without that excuse. */
  readonly excusedDuplicates: number;
  readonly duplicates: number;
  readonly wronglyDeleted: number;
  readonly connections: number;
  readonly providerTokens: number;
  /** Breaches of Apple's and Google's rules. */
  readonly violations: readonly string[];
}

/** What is known after a play: the records of the push services, not those of the sender. */
export interface Evidence {
  readonly trace: Trace;
  readonly rings: readonly BenchRing[];
  /** When each ring started, epoch milliseconds. */
  readonly started: readonly number[];
  readonly deleted: readonly string[];
  readonly fakes: PushFakes;
}

/** Judges a play by what the services received and delivered. */
export function judge({ trace, rings, started, deleted, fakes }: Evidence): Result {
  const isDead = (ring: BenchRing) => (device: BenchDevice, nth: number) => trace.isDead?.(device, nth, ring) ?? false;
  const all = rings.map((ring, index) => {
    const live = ring.devices.filter((device, nth) => !isDead(ring)(device, nth));
    const inReach = live.filter((device) => !trace.isOutOfReach?.(device));
    const startedAt = started[index] ?? 0;
    const taken = inReach.flatMap(({ token }) => fakes.pushes(token).filter(isDelivered).map(deliveredAt));
    return { live, isReachable: inReach.length > 0, afterMs: Math.min(...taken) - startedAt };
  });
  const reachable = all.filter(({ isReachable }) => isReachable);
  const times = reachable.map(({ afterMs }) => afterMs).filter((ms) => ms <= RING_MS);
  const sorted = times.toSorted((a, b) => a - b);
  const repeats = rings.flatMap(({ devices }) => devices.map(({ token }) => repeatsOf(fakes.pushes(token))));
  const live = new Set(all.flatMap((ring) => ring.live.map(({ token }) => token)));
  const stats = fakes.stats();
  return {
    reachable: reachable.length,
    reached: times.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    excusedDuplicates: sum(repeats.map(({ excused }) => excused)),
    duplicates: sum(repeats.map(({ bare }) => bare)),
    wronglyDeleted: new Set(deleted.filter((token) => live.has(token))).size,
    connections: stats.fcm.connections + stats.apns.connections + stats['apns-sandbox'].connections,
    providerTokens: stats.apns.provider_tokens,
    violations: fakes.violations().map(({ rule }) => rule),
  };
}

const isDelivered = ({ delivered_at }: PushRecord): boolean => delivered_at !== undefined;

const deliveredAt = ({ delivered_at = '' }: PushRecord): number => Date.parse(delivered_at);

/** How often a device got the push again; excused if the answer to the previous push was lost. */
function repeatsOf(records: readonly PushRecord[]): { excused: number; bare: number } {
  const got = records.filter(isDelivered);
  const excused = got.slice(1).filter((_, index) => got[index]?.status === 0).length;
  return { excused, bare: Math.max(0, got.length - 1) - excused };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
