import { ACCESS_LOG_BYTES } from '../../test/bench/billed/access-log.ts';
import { PRICES, type Priced } from '../../test/bench/billed/prices.ts';
import { markdownTable } from '../../test/bench/markdown-table.ts';
import { ASSUMED } from './load.ts';

const CLIENTS = 10_000;
/** A client is pinged every eight minutes. */
const PINGS_AN_HOUR = 60 / 8;

/** What one ping uses: its message is sent, received and deleted; the ping and the answer to it are one frame and one invocation each, and the answer has a line in the access log. */
const A_PING = {
  sqs: 3,
  lambda_requests: 2,
  lambda_duration: (2 * ASSUMED.ms_an_invocation * ASSUMED.gb_a_function) / 1000,
  cloudwatch_logs: ACCESS_LOG_BYTES.frame,
  websocket_messages: 2,
} as const satisfies { readonly [What in Priced]?: number };

const usd = (what: Priced, count: number): number => (count * PRICES[what].usd) / PRICES[what].per;

/** What ten thousand clients of Socket.IO cost that only stay connected. */
export function quietClients(): string {
  const pings = Object.entries(A_PING).map(([what, count]): [string, number] => [
    what.replaceAll('_', ' '),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the type of its keys
    usd(what as keyof typeof A_PING, count * CLIENTS * PINGS_AN_HOUR),
  ]);
  const rows: [string, number][] = [...pings, ['connection minutes', usd('websocket_minutes', CLIENTS * 60)]];
  const total = rows.reduce((sum, [, cost]) => sum + cost, 0);
  return `A client of Socket.IO is pinged every eight minutes, by a delayed queue message of its own ([ADR 12](adr/0012-keep-alive-without-a-server.md)). What ${CLIENTS.toLocaleString('en')} clients cost an hour that do nothing else:

${markdownTable(
  ['what', 'US dollars an hour'],
  [...rows, ['total', total] as [string, number]].map(([what, cost]) => [what, cost.toFixed(3)]),
)}

Native clients ping by themselves, which API Gateway answers: they cost their connection minutes and two messages a ping.`;
}
