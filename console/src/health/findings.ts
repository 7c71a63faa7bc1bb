import { duration, serviceName } from '../trace/words.ts';
import type { PushSeen, Sample } from './sample.ts';

/** Something to know, as a sentence. */
export interface Finding {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly text: string;
}

/** Below it a push service refuses so much that phones do not ring. */
const POOR = 0.9;
const SLOW_MS = 3000;

/** What a sample of calls says, in words. */
export function findingsOf({ calls, pushes, rings, unreachable }: Sample): Finding[] {
  if (calls === 0) return [{ tone: 'warn', text: 'Nobody has called in this time, so there were no pushes.' }];
  return [...services(pushes), ...speed(rings.map(({ ms }) => ms)), ...reach(unreachable)];
}

function services(pushes: readonly PushSeen[]): Finding[] {
  const providers = [...new Set(pushes.map(({ provider }) => provider))].toSorted();
  return providers.map((provider) => {
    const own = pushes.filter((push) => push.provider === provider);
    const taken = own.filter(({ isTaken }) => isTaken).length;
    const why = topReason(own);
    const text = `${serviceName(provider)} took ${taken} of ${own.length} pushes${why === '' ? '' : `; the others mostly failed with ${why}`}.`;
    return { tone: toneOf(taken / own.length), text };
  });
}

const toneOf = (part: number): Finding['tone'] => (part >= 1 ? 'good' : part >= POOR ? 'warn' : 'bad');

function topReason(pushes: readonly PushSeen[]): string {
  const counts = new Map<string, number>();
  for (const { isTaken, reason } of pushes) if (!isTaken) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

function speed(times: readonly number[]): Finding[] {
  if (times.length === 0) return [];
  const [half, most] = [percentile(times, 0.5), percentile(times, 0.95)];
  const text = `Half of the rings reached a push service within ${duration(half)}, 95 % within ${duration(most)}.`;
  return [{ tone: most < SLOW_MS ? 'good' : 'warn', text }];
}

/** The value below which that part of the values is. */
function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

function reach(unreachable: readonly string[]): Finding[] {
  if (unreachable.length === 0) return [{ tone: 'good', text: 'Everybody who was rung could be reached.' }];
  const none = unreachable.filter((reason) => reason === 'no_devices').length;
  const text = `${unreachable.length} ${unreachable.length === 1 ? 'callee' : 'callees'} could not be reached, ${none} of them because no phone is registered.`;
  return [{ tone: 'warn', text }];
}
