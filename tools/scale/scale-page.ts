import { COLLECTED } from '../../test/bench/billed/prices.ts';
import { markdownTable } from '../../test/bench/markdown-table.ts';
import { HOSTED, NOT_FOUND } from './hosted.ts';
import { ASSUMED, type CallNeeds, callCost, callNeeds, PEAK_FACTOR, peakRate } from './load.ts';
import { QUOTA_SOURCES, QUOTAS } from './quotas.ts';
import { STEPS } from './steps.ts';

const CALLS_A_DAY = [1000, 100_000, 10_000_000];
const COLUMNS = CALLS_A_DAY.map((calls) => `${calls.toLocaleString('en')} a day`);
const DAYS = 30;

/** docs/scale.md, from the budget of a standard call and the list prices. */
export function scalePage(): string {
  const needs = callNeeds();
  return `# Scale

From the counts of one standard call ([benchmarks](benchmarks.md)) to many. \`npm run docs\` makes this page from the budget of that call (\`test/budget/budget.json\`), the prices and the quotas in \`tools/scale\`: a call that costs more changes it. The busiest minute of a day is taken for ${PEAK_FACTOR} times its mean; your traffic may be steeper. Counted are calls in which the callee's app was closed, and sockets that are open only for the call. An app that keeps its socket open while it is in the foreground pays for its minutes besides.

## Load

${loadTable(needs)}

A Lambda invocation is taken for ${ASSUMED.ms_an_invocation} ms of ${ASSUMED.gb_a_function} GB and ${ASSUMED.log_bytes_an_invocation} bytes of logs; both are to be looked at in your own account.

## Quotas

The default of each, and what of it the busiest minute takes. What is over 100 % has to be raised before.

${quotaTable(needs)}

Fixed, whatever you ask for: ${FIXED}

Sources, read on ${COLLECTED.on}: ${QUOTA_SOURCES.join(', ')}.

## Hot partitions

- **A call is one item**, and an item takes 1 000 write units a second, fixed. A call of two is under 1 KB: a thousand steps a second, more than it ever has. A call of a hundred is about 23 KB once all are in, up to 30 KB with long names: 23 to 30 units a step, so that 33 to 43 answers a second go through, and a hundred at the same instant take two to three seconds. The SDK and the conditional update try again; nobody loses their answer.
- **What limits a call of a hundred is telling everybody.** Each answer is told to all: a hundred answers are 10 000 posts, as much as the whole account may make in a second by default. Ring groups of up to thirty (900 posts) without a thought; where larger ones are common, raise the request quota first.
- **A user is one partition**: connections, devices, busy lock, history. 3 000 read units a second are about 3 000 rings of the same user. A user whom a hundred thousand people ring (a hotline) needs one of your own making: several users behind it.
- **What is stored costs nothing to look past**: no scan, no index, and every query is a range of one partition. The bench shows the same units before 100 000 rows as before one. But a connection that closes looks at its user's calls of the last twelve hours, twenty at most, a read each.

## Cost

US dollars a month at the list prices of ${COLLECTED.region}, collected on ${COLLECTED.on}, without free tiers and discounts for volume:

${costTable(needs)}

Not here: storage (about 10 KB a call for 30 days, $0.25 a GB: some $750 a month at ten million calls a day), its backups, data out, alarms, X-Ray, and Lambda's polls of the queues, which are the same for one call as for a million.

What others publish, for a million standard calls (two people, three minutes; ours: $${perMillion(needs)}). They are not the same thing: most carry the media, which is peer to peer here (TURN, where a call needs it, is yours to pay), and none of these pages says that it rings a phone whose app is closed.

${markdownTable(
  ['who', 'published price', 'a million calls', 'what you get', 'source'],
  HOSTED.map(({ name, price, usdPerMillion, gets, source }) => [
    name,
    price,
    usdPerMillion === undefined ? 'depends' : `$${usdPerMillion.toLocaleString('en')}`,
    gets,
    source,
  ]),
)}

${NOT_FOUND}

${STEPS}`;
}

const FIXED =
  '1 000 write and 3 000 read units a second for one item and one partition; 30 seconds for an HTTP request and 29 for a frame; 2 hours for a WebSocket, and 10 minutes of silence on it; 32 KB for a frame; 16 rounds of a function and a queue that call each other.';

function loadTable(needs: CallNeeds): string {
  const rows: [string, number][] = [
    ['calls', 1],
    ['frames in', needs.frames_in],
    ['posts to sockets', needs.frames_out],
    ['new WebSockets', needs.connections],
    ['Lambda invocations', needs.invocations],
    ['DynamoDB write units', needs.write_units],
    ['DynamoDB read units', needs.read_units],
    ['SQS requests', needs.sqs_requests],
  ];
  const cells = rows.map(([name, many]) => [
    name,
    String(many),
    ...CALLS_A_DAY.map((calls) => figure(peakRate(calls) * many)),
  ]);
  const open = [
    'WebSockets open at once',
    '',
    ...CALLS_A_DAY.map((calls) => figure(peakRate(calls) * needs.connections * ASSUMED.connection_s)),
  ];
  return markdownTable(['in the busiest second', 'a call', ...COLUMNS], [...cells, open]);
}

function quotaTable(needs: CallNeeds): string {
  const rows = QUOTAS.map(({ name, most, unit, needed, raise }) => [
    name,
    `${most.toLocaleString('en')} ${unit}`,
    ...CALLS_A_DAY.map((calls) => percent((peakRate(calls) * needed(needs)) / most)),
    raise,
  ]);
  return markdownTable(['quota', 'default', ...COLUMNS, 'what to do'], rows);
}

function costTable(needs: CallNeeds): string {
  const costs = Object.entries(callCost(needs));
  const row = (name: string, usd: number): string[] => [
    name,
    `$${(usd * 1e6).toFixed(1)}`,
    ...CALLS_A_DAY.map((calls) => `$${figure(usd * calls * DAYS)}`),
  ];
  const all = row(
    '**all**',
    costs.reduce((sum, [, usd]) => sum + usd, 0),
  );
  return markdownTable(['', 'a million calls', ...COLUMNS], [...costs.map(([name, usd]) => row(name, usd)), all]);
}

const perMillion = (needs: CallNeeds): string =>
  (Object.values(callCost(needs)).reduce((sum, usd) => sum + usd, 0) * 1e6).toFixed(0);

const percent = (share: number): string => (share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);

/** Two digits that count, and all those before the point. */
const figure = (number: number): string =>
  (number >= 10 ? Math.round(number) : Number(number.toPrecision(2))).toLocaleString('en');
