import { ASSUMED, type CallNeeds } from './load.ts';

/** A limit of AWS for one account and region, or of a push service. */
export interface Quota {
  readonly name: string;
  readonly most: number;
  readonly unit: string;
  /** How much of it one call a second needs. */
  readonly needed: (needs: CallNeeds) => number;
  /** What to do before the limit is reached. */
  readonly raise: string;
}

// The pages on which the limits were read, on 2026-11-20:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
// https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas
// https://github.com/aws/agent-toolkit-for-aws (aws-serverless: lambda.md, concurrency.md, event-sources.md)

/** The limits that a growing number of calls reaches. */
export const QUOTAS: readonly Quota[] = [
  {
    name: 'API Gateway, requests (frames in, posts out, upgrades and REST together)',
    most: 10_000,
    unit: 'a second',
    needed: ({ frames_in, frames_out, connections }) => frames_in + frames_out + connections,
    raise: 'ask for more; some regions, and maybe new accounts, start with 2 500',
  },
  {
    name: 'API Gateway, new WebSockets',
    most: 500,
    unit: 'a second',
    needed: ({ connections }) => connections,
    raise: 'ask for more',
  },
  {
    name: 'Lambda, invocations (ten times the concurrency)',
    most: 10_000,
    unit: 'a second',
    needed: ({ invocations }) => invocations,
    raise: 'ask for more concurrency',
  },
  {
    name: 'Lambda, concurrent executions',
    most: 1000,
    unit: 'at once',
    needed: ({ invocations }) => (invocations * ASSUMED.ms_an_invocation) / 1000,
    raise: 'ask for more; reserve some for the ring function',
  },
  {
    name: 'DynamoDB, writes of a new on-demand table',
    most: 4000,
    unit: 'units a second',
    needed: ({ write_units }) => write_units,
    raise: 'nothing to ask for: it can always double its last peak. Warm the table up before a launch',
  },
  {
    name: 'DynamoDB, reads of a new on-demand table',
    most: 12_000,
    unit: 'units a second',
    needed: ({ read_units }) => read_units,
    raise: 'the same',
  },
  {
    name: 'FCM, messages of a project (600 000 a minute)',
    most: 10_000,
    unit: 'a second',
    // The ring of an Android phone, and its stop.
    needed: () => 2,
    raise: 'ask Google',
  },
];
