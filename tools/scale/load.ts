import { readFileSync } from 'node:fs';
import { ACCESS_LOG_BYTES, frameLines } from '../../test/bench/billed/access-log.ts';
import { PRICES } from '../../test/bench/billed/prices.ts';

/** What a standard call needs, according to the budget of its test. */
export interface CallNeeds {
  readonly frames_in: number;
  readonly frames_out: number;
  readonly connections: number;
  readonly invocations: number;
  readonly write_units: number;
  readonly read_units: number;
  readonly sqs_requests: number;
  /** Lines that the functions log. */
  readonly log_events: number;
}

const BUDGET = 'test/budget/budget.json';

/**
 * What the budget does not have, since it varies from run to run: rough figures from the benchmark of what a call costs,
 * and how long both sockets of a standard call are open.
 */
export const ASSUMED = { ms_an_invocation: 20, gb_a_function: 0.5, log_event_bytes: 270, connection_s: 200 };

/** How many times the mean of a day its busiest minute is. */
export const PEAK_FACTOR = 4;

/** Reads the counts of a scenario of the budget. */
export function callNeeds(scenario: 'standard_call' | 'calls_call' | 'meeting' = 'standard_call'): CallNeeds {
  const counts: Readonly<Record<string, number>> = JSON.parse(readFileSync(BUDGET, 'utf8'))[scenario];
  const sum = (pattern: RegExp): number =>
    Object.entries(counts).reduce((all, [name, count]) => (pattern.test(name) ? all + count : all), 0);
  return {
    frames_in: sum(/^websocket\.messages_in$/),
    frames_out: sum(/^websocket\.messages_out$/),
    connections: sum(/^websocket\.connections$/),
    invocations: sum(/^lambda\..*\.invocations$/),
    write_units: sum(/^dynamodb\..*\.write_units$/),
    read_units: sum(/^dynamodb\..*\.read_units$/),
    sqs_requests: sum(/^sqs\..*\.requests$/),
    log_events: sum(/^lambda\..*\.log_events$/),
  };
}

/** US dollars for one call at list prices, by service. */
export function callCost(needs: CallNeeds): Readonly<Record<string, number>> {
  const usd = (amount: number, price: keyof typeof PRICES): number => (amount * PRICES[price].usd) / PRICES[price].per;
  const { ms_an_invocation, gb_a_function, log_event_bytes, connection_s } = ASSUMED;
  const gbSeconds = needs.invocations * (ms_an_invocation / 1000) * gb_a_function;
  return {
    'WebSocket API':
      usd(needs.frames_in + needs.frames_out, 'websocket_messages') +
      usd((needs.connections * connection_s) / 60, 'websocket_minutes'),
    DynamoDB: usd(needs.write_units, 'dynamodb_writes') + usd(needs.read_units, 'dynamodb_reads'),
    Lambda: usd(needs.invocations, 'lambda_requests') + usd(gbSeconds, 'lambda_duration'),
    SQS: usd(needs.sqs_requests, 'sqs'),
    'Logs of the functions': usd(needs.log_events * log_event_bytes, 'cloudwatch_logs'),
    'Access logs of frames': usd(
      frameLines(needs.frames_in, needs.connections) * ACCESS_LOG_BYTES.frame,
      'cloudwatch_logs',
    ),
  };
}

/** The calls a second in the busiest minute of a day that has so many calls. */
export const peakRate = (callsADay: number): number => (callsADay / 86_400) * PEAK_FACTOR;
