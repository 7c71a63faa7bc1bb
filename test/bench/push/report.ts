import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Result } from './judge.ts';
import type { Options } from './options.ts';
import { RING_MS } from './rings.ts';
import type { Trace } from './traces.ts';

/** One line of the table. */
export interface Row {
  readonly trace: Trace;
  readonly sender: string;
  readonly result: Result;
}

const HEAD = [
  'trace',
  'sender',
  'rings that rang',
  'p50 ms',
  'p99 ms',
  'pushed twice',
  'after a lost answer',
  'live tokens deleted',
  'connections',
  'JWTs',
  'breaches',
];

/** The results as a table of Markdown. */
export const tableOf = (rows: readonly Row[]): string => markdownTable(HEAD, rows.map(cellsOf));

function cellsOf({ trace, sender, result }: Row): string[] {
  const { reached, reachable, p50Ms, p99Ms } = result;
  const { duplicates, excusedDuplicates, wronglyDeleted, connections, providerTokens, violations } = result;
  return [
    trace.name,
    sender,
    `${reached} of ${reachable}, ${shareOf(result)} %`,
    ...[
      p50Ms,
      p99Ms,
      duplicates,
      excusedDuplicates,
      wronglyDeleted,
      connections,
      providerTokens,
      violations.length,
    ].map(String),
  ];
}

/** Percent of the rings that rang. */
const shareOf = ({ reached, reachable }: Result): number => Math.floor((reached / reachable) * 1000) / 10;

const LIBRARIES = ['@parse/node-apn', 'firebase-admin', 'apns2', 'node-pushnotifications'];

/** The part of the page that the bench writes. */
export function sectionOf(rows: readonly Row[], { rings, rate, seed }: Options, now: Date): string {
  const traces = [...new Set(rows.map(({ trace }) => trace))];
  return `## Pushes under faults

${madeBy('npm run bench:push', LIBRARIES, now)}

Each trace is ${rings} rings of one to four devices, ${rate} a second, FCM and APNs mixed, seed ${seed}: the same callees and faults for every sender. A ring lasts ${RING_MS / 1000} s. The services are the local stack's fakes, which speak the real protocols. Each sender is a process of its own.

- **carillon** is the ring function as it is deployed: handler, table, and a queue for its retries. Its times include the table's; no library has one. **carillon-sender** is its senders alone, one attempt a device.
- **node-apn** is \`@parse/node-apn\` with \`firebase-admin\` for Android, **apns2** is \`apns2\` with \`firebase-admin\`, **node-pushnotifications** does both. They are used as their documentation shows: one send a device, no retries but their own, and a token that they call invalid is deleted.

Each cell gives the rings that rang and the connections that were opened. A ring rang if a live device within reach got its push before the deadline; rings without such a device are not counted. Times are milliseconds from the ring to its first delivered push, over the rings that rang.

${pageTable(traces, rows)}

${remarksOn(rows)}

${traces.map(({ name, what }) => `- **${name}**: ${what}`).join('\n')}
`;
}

/** One line a trace: how each sender fared, and the times of the first. */
function pageTable(traces: readonly Trace[], rows: readonly Row[]): string {
  const senders = [...new Set(rows.map(({ sender }) => sender))].filter((sender) => !isExtra(sender));
  const lines = traces.map((trace) => {
    const of = senders.map((sender) => rows.find((row) => row.trace === trace && row.sender === sender)?.result);
    const [first] = of;
    const cells = of.map((result) => (result ? `${shareOf(result)} %, ${result.connections}` : ''));
    return [
      trace.name,
      String(first?.reachable ?? ''),
      ...cells,
      String(first?.p50Ms ?? ''),
      String(first?.p99Ms ?? ''),
    ];
  });
  const times = ['p50', 'p99'].map((name) => `${senders[0]}, ${name} ms`);
  return markdownTable(['trace', 'rings', ...senders, ...times], lines);
}

/** Plays a trace or two only, so that it has no column. */
const isExtra = (sender: string): boolean => sender === 'carillon-sender';

/** What the table of the page does not show: one line for all senders of whom the same is to be said. */
function remarksOn(rows: readonly Row[]): string {
  const remarked = rows.flatMap((row) => {
    const remark = remarkOn(row);
    return remark === '' ? [] : [{ ...row, remark }];
  });
  const same = Map.groupBy(remarked, ({ trace, remark }) => `${trace.name}: ${remark}`);
  return [...same.values()]
    .map((all) => `- ${all[0]?.trace.name}, ${all.map(({ sender }) => sender).join(', ')}: ${all[0]?.remark}`)
    .join('\n');
}

function remarkOn({ sender, result }: Row): string {
  const { p50Ms, p99Ms, duplicates, excusedDuplicates, wronglyDeleted, providerTokens, violations } = result;
  return [
    isExtra(sender) && `${shareOf(result)} %, p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
    duplicates > 0 && `${duplicates} devices pushed again after an acknowledgement`,
    excusedDuplicates > 0 && `${excusedDuplicates} devices pushed again after a lost answer`,
    wronglyDeleted > 0 && `${wronglyDeleted} live tokens deleted`,
    providerTokens > 1 && `${providerTokens} provider tokens shown to APNs`,
    violations.length > 0 && `${violations.length} breaches of a rule of Apple's or Google's`,
  ]
    .filter((remark) => remark !== false)
    .join('; ');
}
