/** A price. */
export interface Price {
  readonly usd: number;
  /** The number of units that it is for. */
  readonly per: number;
  readonly unit: string;
  /** Its source; absent if the price is from memory and has to be checked. */
  readonly source?: string;
}

const MILLION = 1_000_000;

/** The date and the region of the prices. Free tiers and volume discounts are left out. */
export const COLLECTED = { on: '2026-11-20', region: 'us-east-1' };

/** List prices, on demand. */
export const PRICES = {
  dynamodb_writes: {
    usd: 0.625,
    per: MILLION,
    unit: 'write units',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  dynamodb_reads: {
    usd: 0.125,
    per: MILLION,
    unit: 'read units',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  sqs: { usd: 0.4, per: MILLION, unit: 'requests', source: 'https://cloudburn.io/blog/amazon-sqs-pricing' },
  lambda_requests: {
    usd: 0.2,
    per: MILLION,
    unit: 'invocations',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambda_duration: {
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-seconds, arm64',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  websocket_messages: {
    usd: 1,
    per: MILLION,
    unit: 'messages',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  websocket_minutes: {
    usd: 0.25,
    per: MILLION,
    unit: 'connection minutes',
    source: 'https://amnic.com/blogs/aws-api-gateway-pricing',
  },
  http: { usd: 1, per: MILLION, unit: 'requests', source: 'https://amnic.com/blogs/aws-api-gateway-pricing' },
  cloudwatch_logs: {
    usd: 0.5,
    per: 1e9,
    unit: 'bytes of logs',
    source: 'https://www.duckbillgroup.com/?p=9080',
  },
} as const satisfies Readonly<Record<string, Price>>;

/** Everything that has a price. */
export type Priced = keyof typeof PRICES;
