import type { UsageReport } from '#local/lab/metering/usage.ts';

/** Counts by name, such as `dynamodb.call.writes`. */
export type Counts = Readonly<Record<string, number>>;

/** What differs between two equal calls: times, and logs of them. */
const VARYING = new Set(['billed_ms', 'init_ms', 'memory_mb', 'cold_starts', 'log_bytes', 'connection_ms']);

/** The counts of a usage that are the same for all equal calls, without zeros. */
export const countsOf = (usage: UsageReport): Counts =>
  Object.fromEntries(flat('', usage).filter(([name, figure]) => figure !== 0 && !VARYING.has(last(name))));

const last = (name: string): string => name.split('.').at(-1) ?? '';

function flat(prefix: string, figures: object): [string, number][] {
  return Object.entries(figures).flatMap(([name, figure]) =>
    typeof figure === 'number' ? [[prefix + name, figure]] : flat(`${prefix}${name}.`, figure),
  );
}

/** The names of the counts that differ among these. */
export function differing(all: readonly Counts[]): string[] {
  const names = new Set(all.flatMap((counts) => Object.keys(counts)));
  return [...names].filter((name) => new Set(all.map((counts) => counts[name])).size > 1).toSorted();
}
