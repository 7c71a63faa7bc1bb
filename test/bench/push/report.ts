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
  const share = Math.floor((reached / reachable) * 1000) / 10;
  const { duplicates, excusedDuplicates, wronglyDeleted, connections, providerTokens, violations } = result;
  return [
    trace.name,
    sender,
    `${reached} of ${reachable}, ${share} %`,
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

const LIBRARIES = ['@parse/node-apn', 'firebase-admin', 'apns2', 'node-pushnotifications'];

/** The part of the page that the bench writes. */
export function sectionOf(rows: readonly Row[], { rings, rate, seed }: Options, now: Date): string {
  const traces = [...new Set(rows.map(({ trace }) => trace))];
  return `## Pushes under faults

${madeBy('npm run bench:push', LIBRARIES, now)}

Each trace is ${rings} rings of one to four devices, ${rate} a second, FCM and APNs mixed, seed ${seed}: the same callees and the same faults for every sender. A ring lasts ${RING_MS / 1000} s. The services are the fakes of the local stack, which speak the real protocols and keep the rules; each sender runs in a process of its own and believes that it talks to Google and Apple.

- **Carillon** is the ring function as it is deployed: handler, table (the embedded DynamoDB) and a queue that brings its retries after whole seconds. Its times include its reads and writes of the table, which no library has.
- **node-apn** is \`@parse/node-apn\` for iPhones and \`firebase-admin\` for Android, **apns2** is \`apns2\` with \`firebase-admin\`, **node-pushnotifications** does both. They are used as their documentation shows: one send a device, no retries but their own, and a token that they call invalid is deleted.
- **carillon-sender** is Carillon's senders alone, one attempt a device, to compare them with the libraries like for like.

Sixty rings before the first that counts warm each process up. What is counted is what the services delivered. _Rings that rang_ are those in which at least one live device got its push before the deadline, of those that had a live device within reach. _p50_ and _p99_ are milliseconds from the ring to its first delivered push, over the rings that rang: whoever loses a ring has no time for it. _Pushed twice_ are pushes that a device got once more though the first one was acknowledged; those _after a lost answer_ nobody can avoid who does not want to lose rings, and Carillon's carry the id of the first. _JWTs_ are the different provider tokens that APNs was shown, _breaches_ requests that broke a rule of Apple's or Google's, such as a retry before \`Retry-After\`.

${tableOf(rows)}

${traces.map(({ name, what }) => `- **${name}**: ${what}`).join('\n')}
`;
}
