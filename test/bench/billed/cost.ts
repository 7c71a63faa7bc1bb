import type { UsageReport } from '#local/lab/metering/usage.ts';
import { accessLogBytes } from './access-log.ts';
import { PRICES, type Priced } from './prices.ts';

/** US dollars for a million repetitions, by price and in total. */
export type UsdPerMillion = Readonly<Record<Priced | 'total', number>>;

/** How many units of each price were used. */
export function quantitiesOf({ dynamodb = {}, sqs, lambda, websocket, http }: UsageReport): Record<Priced, number> {
  const kinds = Object.values(dynamodb);
  const functions = Object.values(lambda);
  return {
    dynamodb_writes: sum(kinds.map(({ write_units }) => write_units)),
    dynamodb_reads: sum(kinds.map(({ read_units }) => read_units)),
    sqs: sum(Object.values(sqs).map(({ requests }) => requests)),
    lambda_requests: sum(functions.map(({ invocations }) => invocations)),
    lambda_duration: sum(functions.map(({ billed_ms, memory_mb }) => (billed_ms / 1000) * (memory_mb / 1024))),
    websocket_messages: websocket.messages_in + websocket.messages_out,
    websocket_minutes: websocket.connection_ms / 60_000,
    http: http.requests,
    cloudwatch_logs: sum(functions.map(({ log_bytes }) => log_bytes)) + accessLogBytes({ websocket, http }),
  };
}

/** What a million repetitions would cost. */
export function usdPerMillion(usage: UsageReport): UsdPerMillion {
  const quantities = quantitiesOf(usage);
  const cost = (name: Priced): number => (quantities[name] * 1_000_000 * PRICES[name].usd) / PRICES[name].per;
  const costs = {
    dynamodb_writes: cost('dynamodb_writes'),
    dynamodb_reads: cost('dynamodb_reads'),
    sqs: cost('sqs'),
    lambda_requests: cost('lambda_requests'),
    lambda_duration: cost('lambda_duration'),
    websocket_messages: cost('websocket_messages'),
    websocket_minutes: cost('websocket_minutes'),
    http: cost('http'),
    cloudwatch_logs: cost('cloudwatch_logs'),
  };
  return { ...costs, total: sum(Object.values(costs)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
