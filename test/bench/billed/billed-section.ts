import { markdownTable } from '../markdown-table.ts';
import { quantitiesOf } from './cost.ts';
import type { BilledResult, BilledScenario } from './measure-billed.ts';
import { COLLECTED, PRICES, type Price, type Priced } from './prices.ts';
import type { ScenarioName } from './scenarios.ts';

const WHAT: Readonly<Record<Priced, string>> = {
  dynamodb_writes: 'DynamoDB, writes',
  dynamodb_reads: 'DynamoDB, reads',
  sqs: 'SQS, requests',
  lambda_requests: 'Lambda, invocations',
  lambda_duration: 'Lambda, duration',
  websocket_messages: 'WebSocket, messages',
  websocket_minutes: 'WebSocket, connections',
  http: 'HTTP API, requests',
  cloudwatch_logs: 'CloudWatch, logs',
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
  const prices = Object.entries<Price>(PRICES);
  const costs = pricedNames().map((name) => [
    WHAT[name],
    ...priced.flatMap((column) => [`${figure(column.uses[name])} ${PRICES[name].unit}`, usd(column.costs[name])]),
  ]);
  const total = ['**all**', ...priced.flatMap((column) => ['', `**${usd(column.costs.total)}**`])];
  const head = COLUMNS.flatMap(({ title }) => [`${title} uses`, 'US$ a million']);
  return `## What a call costs

Counted, not estimated: real clients play each of the three on a local stack that notes what AWS would bill for ([how](configuration.md#what-it-would-cost)), and the table below is the median of ${billed.repetitions} repetitions on warm functions. ${variation(scenarios)}

The **standard call** is between two people. The caller opens a socket for it and rings with the offer in the same frame (2.4 KB, audio and video); 10 candidates follow, one a frame, as a plain WebRTC client sends them. The callee is offline, with an Android phone and an iPhone that has both of its tokens registered. Both are pushed. The iPhone opens a socket with the wake token, says that it rings and answers, the answer in the same frame; the Android phone is silenced by a push; 10 candidates come back. They talk for 3 minutes, in which nobody sends anything (a ping is due after 4), the caller hangs up, and both sockets close. The **unanswered ring** is the same until the iPhone rings; then the deadline passes, and both sides hear of it. The ring is set to 5 seconds, the shortest there is, which changes nothing but how long its two connections are open. The **batched call** is the standard call as our [web client](clients/web.md) plays it: the 10 candidates of each side in two frames, those that are found at once and those that come later, since each frame is a message, an invocation and its reads and writes.

Dollars for a million of each, at the list prices of ${COLLECTED.region}, collected on ${COLLECTED.on}, without free tiers:

${markdownTable(['paid for', ...head], [...costs, total])}

Lambda's milliseconds are those of this machine, which runs everything at once; on AWS they differ. Not here: what belongs to a deployment and not to a call (the polls of Lambda on idle queues, alarms, secrets, backups), cold starts, Lambda's own log lines, X-Ray, data out, storage, \`$connect\` and \`$disconnect\`, of which nobody says that they are billed as messages, and the pushes, which cost nothing.

What is read and written, by kind of item ([data model](data-model.md)):

${itemsTable(scenarios)}

What else is used, by name:

${usesTable(scenarios)}

A test holds these counts to a budget (\`test/budget/budget.json\`): a change that adds a write or an invocation fails until the budget says so.

Prices: ${prices.map(([, price]) => priceText(price)).join('; ')}.
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

const priceText = ({ usd: price, per, unit, source }: Price): string =>
  `$${price} for ${per === 1 ? 'one of' : per.toLocaleString('en')} ${unit} (${source === undefined ? 'from memory, to be checked' : source})`;

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
    tables.flatMap((table) => {
      const { writes = 0, write_units = 0, reads = 0, read_units = 0 } = table[kind] ?? {};
      return [counted(writes, write_units), counted(reads, read_units)];
    });
  const head = COLUMNS.flatMap(({ title }) => [`${title}: writes`, 'reads']);
  return markdownTable(
    ['item', ...head],
    kinds.map((kind) => [kind.replaceAll('_', ' '), ...cells(kind)]),
  );
}

/** A number of requests, with their units if these are more. */
const counted = (requests: number, units: number): string =>
  requests === 0 ? '' : units === requests ? String(requests) : `${requests} (${units} units)`;

function usesTable(scenarios: readonly BilledScenario[]): string {
  const row = (name: string, of: (scenario: BilledScenario) => number | undefined) => [
    name,
    ...scenarios.map((scenario) => String(of(scenario) ?? 0)),
  ];
  const names = (of: (scenario: BilledScenario) => object) =>
    [...new Set(scenarios.flatMap((scenario) => Object.keys(of(scenario))))].toSorted();
  return markdownTable(
    ['used', ...COLUMNS.map(({ title }) => title)],
    [
      ...names(({ lambda }) => lambda).map((name) =>
        row(`invocations of \`${name}\``, ({ lambda }) => lambda[name]?.invocations),
      ),
      ...names(({ sqs }) => sqs).map((name) => row(`requests to queue \`${name}\``, ({ sqs }) => sqs[name]?.requests)),
      row('messages from clients', ({ websocket }) => websocket.messages_in),
      row('messages to clients', ({ websocket }) => websocket.messages_out),
      row('connections', ({ websocket }) => websocket.connections),
    ],
  );
}
