import { startBenchTable } from '../bench-table.ts';
import { writePart } from '../page.ts';
import { explain } from '../usage-error.ts';
import { readOptions, USAGE } from './options.ts';
import { play } from './play.ts';
import { type Row, sectionOf, tableOf } from './report.ts';
import { TRACES, type Trace } from './traces.ts';

// Plays every trace with every sender, prints the table and writes its part of the page.

const SENDERS = ['carillon', 'node-apn', 'apns2', 'node-pushnotifications'];
/** Comparable with the libraries, in traces without anything to retry. */
const ALONE = 'carillon-sender';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(`${USAGE}\n`);
  const traces = TRACES.filter(({ name }) => options.traces?.includes(name) ?? true);
  const sendersOf = (trace: Trace) =>
    [...SENDERS, ...(trace === TRACES[0] ? [ALONE] : [])].filter((name) => options.senders?.includes(name) ?? true);
  const table = await startBenchTable();
  const rows: Promise<Row>[] = [];
  for (const trace of traces) {
    for (const sender of sendersOf(trace)) {
      const { result } = await play({ trace, contestant: sender, ...options, dynamodb: table });
      rows.push(result.then((judged) => told({ trace, sender, result: judged })));
    }
  }
  const all = await Promise.all(rows);
  await table.stop();
  process.stdout.write(`${tableOf(all)}\n`);
  if (options.writesPage) await writePart('bench:push', sectionOf(all, options, new Date()));
}

/** Reports progress, since a play takes long. */
function told(row: Row): Row {
  const { trace, sender, result } = row;
  const { reached, reachable, p50Ms, p99Ms, violations } = result;
  const breaches =
    violations.length > 0 ? `, breaks ${[...new Set(violations)].join(', ')} ${violations.length} times` : '';
  process.stderr.write(`${trace.name}: ${sender} ${reached}/${reachable}, p50 ${p50Ms}, p99 ${p99Ms}${breaches}\n`);
  return row;
}

await main().catch(explain);
