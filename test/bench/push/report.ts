import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
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

/** The results as a table of Markdown, its columns aligned. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(HEAD), rule, ...cells.slice(1).map(line)].join('\n');
}

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

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;

/** The page that the bench writes. */
export function pageOf(rows: readonly Row[], { rings, rate, seed }: Options, now: Date): string {
  const traces = [...new Set(rows.map(({ trace }) => trace))];
  const load = loadavg()[1]?.toFixed(1) ?? '';
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load average ${load} over the last five minutes`;
  const libraries = LIBRARIES.map((name) => `${name} ${versionOf(name)}`).join(', ');
  return `# Benchmarks

Made by \`npm run bench:push\` on ${now.toISOString().slice(0, 10)}: ${machine}, Node ${process.versions.node}, ${libraries}. Do not edit it: run the command.

## Pushes under faults

Each trace is ${rings} rings of one to four devices, ${rate} a second, FCM and APNs mixed, seed ${seed}: the same callees and the same faults for every sender. A ring lasts ${RING_MS / 1000} s. The services are the fakes of the local stack, which speak the real protocols and keep the rules; each sender runs in a process of its own and believes that it talks to Google and Apple.

- **Carillon** is the ring function as it is deployed: handler, table (the embedded DynamoDB) and a queue that brings its retries after whole seconds. Its times include its reads and writes of the table, which no library has.
- **node-apn** is \`@parse/node-apn\` for iPhones and \`firebase-admin\` for Android, **apns2** is \`apns2\` with \`firebase-admin\`, **node-pushnotifications** does both. They are used as their documentation shows: one send a device, no retries but their own, and a token that they call invalid is deleted.
- **carillon-sender** is Carillon's senders alone, one attempt a device, to compare them with the libraries like for like.

Sixty rings before the first that counts warm each process up. What is counted is what the services delivered. *Rings that rang* are those in which at least one live device got its push before the deadline, of those that had a live device within reach. *p50* and *p99* are milliseconds from the ring to its first delivered push, over the rings that rang: whoever loses a ring has no time for it. *Pushed twice* are pushes that a device got once more though the first one was acknowledged; those *after a lost answer* nobody can avoid who does not want to lose rings, and Carillon's carry the id of the first. *JWTs* are the different provider tokens that APNs was shown, *breaches* requests that broke a rule of Apple's or Google's, such as a retry before \`Retry-After\`.

${tableOf(rows)}

${traces.map(({ name, what }) => `- **${name}**: ${what}`).join('\n')}
`;
}
