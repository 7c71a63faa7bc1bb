import { markdownTable } from '../markdown-table.ts';
import type { HotSpots } from './machine/hot-spots.ts';
import type { RateStep, RingRate } from './ring-rate.ts';

const PROFILED: Readonly<Record<string, string>> = { stack: "the emulator's main process" };

/** The results of each rate, the CPU usage, and the bottleneck. */
export function ringRateText({ steps, sustained_per_s, doubled_at_per_s, bottleneck, profiles }: RingRate): string {
  const doubled =
    doubled_at_per_s === undefined
      ? 'It had not doubled at the highest rate that was tried.'
      : `At ${doubled_at_per_s} a second it had doubled, twice in a row.`;
  return `### Rings a second

Callers ring independently at random moments. A ring is timed from the moment at which it was due (no coordinated omission) until FCM has its push, and is cancelled after three seconds. The rate rises until the 99th percentile is twice that of the lowest rate.

**${sustained_per_s} rings a second**, each with its cancel, kept the p99 below twice that of the lowest rate. ${doubled} The bottleneck: ${bottleneck}.

${markdownTable(['rings a second', 'p50 ms', 'p99 ms', 'no push', 'cold starts', 'cores busy'], steps.map(cellsOf))}

One ring and its cancel took ${costOf(steps)} of processor time at the lowest rate.

Whose code took the processor time at that rate (\`bench-results.json\` lists the functions):

${profiles.map(profileText).join('\n')}`;
}

function cellsOf({ rate, p50_ms, p99_ms, lost, cold_starts, cpu }: RateStep): string[] {
  const ms = (time: number): string => (Number.isFinite(time) ? time.toFixed(0) : 'never');
  return [String(rate), ms(p50_ms), ms(p99_ms), String(lost), String(cold_starts), cpu.machine.toFixed(2)];
}

/** CPU milliseconds for one ring, by process. */
function costOf([lowest]: readonly RateStep[]): string {
  if (!lowest) return 'nothing';
  const { cores } = lowest.cpu;
  const of = (fits: (what: string) => boolean): string => {
    const sum = Object.entries(cores).reduce((all, [what, busy]) => (fits(what) ? all + busy : all), 0);
    return `${((sum * 1000) / lowest.rate).toFixed(0)} ms`;
  };
  const isEmulator = (what: string): boolean => what === 'stack' || what === 'table';
  return `${of((what) => !isEmulator(what) && what !== 'client')} in Carillon's functions and ${of(isEmulator)} in the emulator`;
}

function profileText({ what, owners }: HotSpots & { readonly what: string }): string {
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const whose = Object.entries(owners)
    .filter(([, share]) => share >= 0.01)
    .map(([owner, share]) => `${owner} ${percent(share)}`);
  return `- ${PROFILED[what] ?? `function ${what}`}: ${whose.join(', ')}`;
}
