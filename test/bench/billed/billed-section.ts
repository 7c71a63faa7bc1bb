import { markdownTable } from '../markdown-table.ts';
import { quantitiesOf } from './cost.ts';
import type { BilledResult, BilledScenario } from './measure-billed.ts';
import { COLLECTED, PRICES, type Priced } from './prices.ts';
import type { ScenarioName } from './scenarios.ts';

const WHAT: Readonly<Record<Priced, string>> = {
  dynamodb_writes: 'DynamoDB, write units',
  dynamodb_reads: 'DynamoDB, read units',
  sqs: 'SQS, requests',
  lambda_requests: 'Lambda, invocations',
  lambda_duration: 'Lambda, GB-seconds, arm64',
  websocket_messages: 'WebSocket, messages',
  websocket_minutes: 'WebSocket, connection minutes',
  http: 'HTTP API, requests',
  cloudwatch_logs: 'CloudWatch, bytes of logs',
};

const COLUMNS: readonly { readonly scenario: ScenarioName; readonly title: string }[] = [
  { scenario: 'standard_call', title: 'standard call' },
  { scenario: 'unanswered_ring', title: 'unanswered ring' },
  { scenario: 'standard_call_batched', title: 'batched call' },
];

/** The part of the page about the cost of a call, in Markdown. */
export function billedSection({ billed, usd_per_million }: BilledResult): string {
  const scenarios = COLUMNS.map(({ scenario }) => billed[scenario]);
  const priced = COLUMNS.map(({ scenario }) => ({
    uses: quantitiesOf(billed[scenario]),
    costs: usd_per_million[scenario],
  }));
  const costs = pricedNames().map((name) => [
    WHAT[name],
    ...priced.flatMap((column) => [figure(column.uses[name]), usd(column.costs[name])]),
  ]);
  const total = ['**all**', ...priced.flatMap((column) => ['', `**${usd(column.costs.total)}**`])];
  const head = COLUMNS.flatMap(({ title }) => [title, 'US$']);
  return `## What a call costs

Made by \`npm run bench -- --only billed\`. Counted, not estimated: real clients play each of the three on a local stack that counts what AWS would bill for ([how](local-stack.md#what-it-would-cost)). The tables are medians of ${billed.repetitions} repetitions on warm functions. ${variation(scenarios)}

- In the **standard call** the caller opens a socket, rings with the offer in the same frame (2.4 KB) and sends 10 candidates, one a frame. The callee is offline and has an Android phone and an iPhone with both of its tokens; both are pushed. The iPhone connects with the wake token, reports that it rings, answers in one frame and sends 10 candidates; a push silences the Android phone. They talk for 3 minutes, the caller hangs up, and both sockets close.
- The **unanswered ring** is the same until the iPhone rings. Then the deadline passes (after 5 seconds), and both sides hear of it.
- The **batched call** is the standard call as [our client](clients/web.md) plays it: 10 candidates in two frames.

Dollars for a million of each, at the list prices of ${COLLECTED.region}, collected on ${COLLECTED.on}, without free tiers:

${markdownTable(['paid for', ...head], [...costs, total])}

Lambda's milliseconds are this machine's; on AWS they differ. Not counted: what a deployment costs without calls ([deploy](deploy.md)), cold starts, X-Ray, data out, storage, and \`$connect\` and \`$disconnect\`, which no price list names as messages. Pushes cost nothing. Logs are those of the functions and the access logs of the APIs (stage setting \`frameLogs\`), with the 26 bytes that CloudWatch adds to each event; at the system log level of the template, \`WARN\`, Lambda logs only invocations that fail.

Requests by kind of item ([data model](data-model.md)), writes + reads:

${itemsTable(scenarios)}

A test holds these and all other counts to a budget (\`test/budget/budget.json\`). The prices and their sources are in \`test/bench/billed/prices.ts\`.
`;
}

const pricedNames = (): Priced[] => {
  const names: Priced[] = [];
  for (const name in PRICES) if (isPriced(name)) names.push(name);
  return names;
};

const isPriced = (name: string): name is Priced => name in PRICES;

const figure = (amount: number): string =>
  String(Number.isInteger(amount) || amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(3)));

const usd = (amount: number): string => amount.toFixed(2);

function variation(scenarios: readonly BilledScenario[]): string {
  const varied = [...new Set(scenarios.flatMap((scenario) => scenario.varied))];
  return varied.length === 0
    ? 'All counts but times and bytes of logs were the same in each of them.'
    : `Not the same in all of them: ${varied.map((name) => `\`${name}\``).join(', ')}.`;
}

function itemsTable(scenarios: readonly BilledScenario[]): string {
  const tables = scenarios.map(({ dynamodb = {} }) => dynamodb);
  const kinds = [...new Set(tables.flatMap((table) => Object.keys(table)))].toSorted();
  const cells = (kind: string) =>
    tables.map((table) => {
      const { writes = 0, write_units = 0, reads = 0, read_units = 0 } = table[kind] ?? {};
      return `${counted(writes, write_units)} + ${counted(reads, read_units)}`;
    });
  return markdownTable(
    ['item', ...COLUMNS.map(({ title }) => title)],
    kinds.map((kind) => [kind.replaceAll('_', ' '), ...cells(kind)]),
  );
}

/** A number of requests, with their units if these are more. */
const counted = (requests: number, units: number): string =>
  units === requests ? String(requests) : `${requests} (${units} units)`;
