import { cpus } from 'node:os';
import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { rounded } from '../quantile.ts';
import { CALLERS, type EventsResult } from './measure-events.ts';

const ms = (time: number): string => time.toFixed(1);

/** The tables of the part. */
export const eventsTables = ({ latency, load }: EventsResult): string =>
  [latencyTable(latency), loadTable(load)].join('\n\n');

const latencyTable = (latency: EventsResult['latency']): string =>
  markdownTable(
    ['figure', 'p50 off', 'p95 off', 'p50 on', 'p95 on', 'ratio of p50'],
    latency.map(({ figure, off, on, ratio }) => [
      figure,
      ...[off.p50_ms, off.p95_ms, on.p50_ms, on.p95_ms].map(ms),
      ratio.toFixed(2),
    ]),
  );

function loadTable(load: EventsResult['load']): string {
  const base = load[0]?.p50_ms ?? Number.NaN;
  return markdownTable(
    ['stack', 'rings', 'p50', 'p95', 'ratio of p50'],
    load.map(({ what, rings, p50_ms, p95_ms }) => [
      what,
      String(rings),
      ms(p50_ms),
      ms(p95_ms),
      rounded(p50_ms / base, 2).toFixed(2),
    ]),
  );
}

/** The part of the page. */
export function eventsSection(result: EventsResult, now: Date): string {
  return `## Events for the backend

${madeBy(`npm run bench -- --only events --calls ${(result.latency[0]?.calls ?? 0) * 5}`, [], now)}

All times are milliseconds. Stacks without and with [events](events.md) run side by side and are measured in turn, so that what else the machine does hits them alike. Of ${result.latency[0]?.calls} calls each, one at a time:

${latencyTable(result.latency)}

Ring to push while ${CALLERS} callers ring as fast as they can, in turn again. The dead webhooks take each request and never answer; they got ${result.dead_requests} meanwhile. Here all functions share ${cpus().length} cores, so that what tells the backend takes time from what rings; on Lambda it does not.

${loadTable(result.load)}
`;
}
