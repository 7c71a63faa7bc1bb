import { frameLines } from '../../test/bench/billed/access-log.ts';
import { COLLECTED } from '../../test/bench/billed/prices.ts';
import { markdownTable } from '../../test/bench/markdown-table.ts';
import { HOSTED, NOT_FOUND } from './hosted.ts';
import { ASSUMED, type CallNeeds, callCost, callNeeds, PEAK_FACTOR, peakRate } from './load.ts';
import { quietClients } from './quiet-clients.ts';
import { QUOTAS } from './quotas.ts';
import { STEPS } from './steps.ts';

const CALLS_A_DAY = [1000, 100_000, 10_000_000];
const COLUMNS = CALLS_A_DAY.map((calls) => `${calls.toLocaleString('en')} a day`);
const DAYS = 30;

/** What the budget has besides calls of native clients. */
const OTHER_CALLS = [
  {
    what: 'a call over Socket.IO, `calls`, whose both phones are connected; 8 candidates a side',
    scenario: 'calls_call',
  },
  { what: 'a meeting of two in a room; 8 candidates a side', scenario: 'meeting' },
] as const;

/** docs/scale.md, made from the budget of a standard call and the list prices. */
export function scalePage(): string {
  const needs = callNeeds();
  return `# Scale

What many calls need, calculated from one standard call ([benchmarks](benchmarks.md)). \`npm run docs\` makes this page from the budget of that call (\`test/budget/budget.json\`) and from the prices and quotas in \`tools/scale\`, so it changes if a call costs more. It assumes that the busiest minute of a day has ${PEAK_FACTOR} times the mean traffic, that the callee's app was closed, and that sockets are open only for the call. Sockets that stay open longer cost their minutes, too.

## Load

${loadTable(needs)}

A Lambda invocation is assumed to take ${ASSUMED.ms_an_invocation} ms with ${ASSUMED.gb_a_function} GB, and a line that a function logs to have ${ASSUMED.log_event_bytes} bytes. Check both in your own account.

## Quotas

How much of each quota's default the busiest minute uses. Raise a quota before it reaches 100 %.

${quotaTable(needs)}

These cannot be raised: ${FIXED}

\`tools/scale/quotas.ts\` names the sources, read on ${COLLECTED.on}.

## Hot partitions

- **A call is one item**, and an item takes 1 000 write units a second. A call of two is under 1 KB and never comes near that. A call of a hundred is 23 to 30 KB, so 33 to 43 answers a second succeed, and a hundred answers at the same instant take two to three seconds. An answer that is throttled for longer is refused with \`contended\`, and the client sends it again.
- **A call of a hundred members is limited by its events.** Every member hears of every answer: a hundred answers are 10 000 posts, by default the whole account's limit for one second. Groups of up to thirty (900 posts) are no problem. If larger ones are common, raise the request quota.
- **A user is one partition**: connections, devices, busy lock, history. It takes about 3 000 rings a second. Put several users behind a hotline.
- **Stored rows do not slow anything down**: there are no scans, and every query reads a range of one partition. The benchmark uses the same units with 100 000 rows as with one. When a connection closes, the function reads at most twenty of its user's calls, those of the last twelve hours.

## Cost

US dollars a month at the list prices of ${COLLECTED.region}, collected on ${COLLECTED.on}, without free tiers and discounts for volume:

${costTable(needs)}

Logs are counted with the 26 bytes that CloudWatch adds to each event: ${needs.log_events} lines of the functions a call, nearly all of them [metrics](configuration.md#logs-metrics-alarms-dashboard), and ${frameLines(needs.frames_in, needs.connections)} of the access logs, which \`frameLogs: false\` saves. At the system log level of the template, \`WARN\`, Lambda adds lines of its own only to invocations that fail.

Not included: storage (about 10 KB a call for 30 days at $0.25 a GB: some $750 a month for ten million calls a day), backups, outgoing data, X-Ray, and [what a stage costs at rest](deploy.md#what-it-costs-at-rest).

## Other calls

The same calculation for what clients of other systems do, by their own budgets:

${markdownTable(
  ['what', 'invocations', 'write units', 'read units', 'a million'],
  OTHER_CALLS.map(({ what, scenario }) => {
    const other = callNeeds(scenario);
    return [what, `${other.invocations}`, `${other.write_units}`, `${other.read_units}`, `$${perMillion(other)}`];
  }),
)}

The clients of \`calls\` and \`video\` are told no ids of calls, so the service remembers what each phone shows, and reads that with each event.

## Quiet clients of Socket.IO

${quietClients()}

## Other services

Published prices for a million standard calls (two people, three minutes; Carillon: $${perMillion(needs)}). RealtimeKit and Telnyx carry the media, which is peer to peer with Carillon (you pay for TURN if a call needs it); the others carry messages. None of these pages says that the service rings a phone whose app is closed.

${markdownTable(
  ['service', 'published price', 'a million calls', 'source'],
  HOSTED.map(({ name, price, usdPerMillion, source }) => [
    name,
    price,
    usdPerMillion === undefined ? 'depends' : `$${usdPerMillion.toLocaleString('en')}`,
    source,
  ]),
)}

${NOT_FOUND}

${STEPS}`;
}

const FIXED =
  '1 000 write units and 3 000 read units a second for one item or partition; 30 seconds for an HTTP request and 29 for a frame; 2 hours for a WebSocket, and 10 minutes without a frame; 32 KB for a frame; 16 rounds of a loop between a function and a queue.';

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

/** Rounded to two significant digits, or to the whole number. */
const figure = (number: number): string =>
  (number >= 10 ? Math.round(number) : Number(number.toPrecision(2))).toLocaleString('en');
