import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { rounded } from '../quantile.ts';
import { DEAD, type EventsResult } from './measure-events.ts';

const ms = (time: number): string => time.toFixed(1);

/** The tables of the part. */
export const eventsTables = ({ latency, load }: EventsResult): string => {
  const base = load[0]?.p50_ms ?? Number.NaN;
  return [
    markdownTable(
      ['figure', 'p50 off', 'p95 off', 'p50 on', 'p95 on', 'ratio of p50'],
      latency.map(({ figure, off, on, ratio }) => [
        figure,
        ...[off.p50_ms, off.p95_ms, on.p50_ms, on.p95_ms].map(ms),
        ratio.toFixed(2),
      ]),
    ),
    markdownTable(
      ['stack', 'rings', 'p50', 'p99', 'lost', 'ratio of p50'],
      load.map(({ what, rings, p50_ms, p99_ms, lost }) => [
        what,
        String(rings),
        ms(p50_ms),
        ms(p99_ms),
        String(lost),
        rounded(p50_ms / base, 2).toFixed(2),
      ]),
    ),
  ].join('\n\n');
};

/** The part of the page. */
export function eventsSection(result: EventsResult, now: Date): string {
  const [first, second] = eventsTables(result).split('\n\n');
  return `## Events for the backend

${madeBy('npm run bench -- --only events', [], now)}

All times are milliseconds. Stacks without and with [events](events.md) run side by side and are measured in turn, so that what else the machine does hits them alike. Of ${result.latency[0]?.calls} calls each, one at a time:

${first}

${result.rate} rings a second, from the due time of each to the push, in turn again. The dead webhooks take each request and never answer; they got ${result.dead_requests} meanwhile, and each event waits for all ${DEAD}. On Lambda functions do not share two cores, as they do here.

${second}
`;
}
