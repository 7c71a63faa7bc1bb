import type { Counts } from '#test/bench/billed/counts.ts';

/** A line for every count that differs from the budget, with the place to change it. */
export function breaches(file: string, text: string, scenario: string, counts: Counts): string[] {
  const budget: Counts = JSON.parse(text)[scenario];
  const names = [...new Set([...Object.keys(budget), ...Object.keys(counts)])].toSorted();
  return names
    .filter((name) => budget[name] !== counts[name])
    .map((name) => {
      const [allowed, counted] = [budget[name] ?? 0, counts[name] ?? 0];
      const what = counted > allowed ? 'over budget' : 'under budget: lower it, so that it stays lower';
      return `${file}:${lineOf(text, scenario, name)} "${name}" of ${scenario}: ${allowed} budgeted, ${counted} counted, ${what}`;
    });
}

/** The line of a count in the budget, or the line of its scenario if the count is new. */
function lineOf(text: string, scenario: string, name: string): number {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.includes(`"${scenario}"`));
  const found = lines.findIndex((line, i) => i > start && line.includes(`"${name}"`));
  return 1 + (found === -1 ? start : found);
}
