/** Sums by name. */
export interface Counters<Sum extends string> {
  add(name: string, amounts: Partial<Record<Sum, number>>): void;
  /** The sums of every name with additions since the last reset, sorted by name. */
  report(): Record<string, Record<Sum, number>>;
  reset(): void;
}

/** Counters that start at `zero`, whose keys are the sums. */
export function counters<Sum extends string>(zero: Readonly<Record<Sum, number>>): Counters<Sum> {
  const all = new Map<string, Record<Sum, number>>();
  return {
    add(name, amounts) {
      const sum: Record<Sum, number> = { ...(all.get(name) ?? zero) };
      for (const key in zero) sum[key] += amounts[key] ?? 0;
      all.set(name, sum);
    },
    report: () => Object.fromEntries([...all].toSorted(([a], [b]) => a.localeCompare(b))),
    reset: () => all.clear(),
  };
}
