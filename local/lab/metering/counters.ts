/** Figures that add up, by the name of what they belong to. */
export interface Counters<Figure extends string> {
  add(name: string, amounts: Partial<Record<Figure, number>>): void;
  /** The figures of every name to which something was added since the last reset, in the order of the names. */
  report(): Record<string, Record<Figure, number>>;
  reset(): void;
}

/** Counters that start at `zero`, which names the figures. */
export function counters<Figure extends string>(zero: Readonly<Record<Figure, number>>): Counters<Figure> {
  const all = new Map<string, Record<Figure, number>>();
  return {
    add(name, amounts) {
      const sum: Record<Figure, number> = { ...(all.get(name) ?? zero) };
      for (const figure in zero) sum[figure] += amounts[figure] ?? 0;
      all.set(name, sum);
    },
    report: () => Object.fromEntries([...all].toSorted(([a], [b]) => a.localeCompare(b))),
    reset: () => all.clear(),
  };
}
