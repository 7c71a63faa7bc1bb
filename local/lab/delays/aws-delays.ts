/** How long AWS takes for something, in milliseconds. */
export interface Distribution {
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Where the figures are published. */
  readonly source: string;
  /** What is not in the source. Absent if both figures are. */
  readonly assumed?: string;
}

const DYNAMODB = 'https://github.com/alexdebrie/dynamodb-performance-testing';
const MESSAGING = 'https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/';
const HTTP_API = 'https://aws.amazon.com/blogs/compute/building-better-apis-http-apis-now-generally-available/';

/**
 * The delays of the profile `aws`. Those of DynamoDB and of the hops were measured inside of Lambda by others, and include
 * what the SDK takes there: the local stack waits for so long and then does its own work, so its times err on the slow side.
 */
export const AWS_DELAYS = {
  dynamodb_read: {
    p50_ms: 5,
    p99_ms: 12,
    source: 'https://repost.aws/knowledge-center/dynamodb-high-latency',
    assumed: 'both: AWS names single-digit milliseconds on average, and a read is answered by one replica',
  },
  dynamodb_write: { p50_ms: 7.55, p99_ms: 16.2, source: DYNAMODB },
  dynamodb_batch_write: { p50_ms: 8.14, p99_ms: 25.5, source: DYNAMODB },
  dynamodb_transaction: { p50_ms: 25.3, p99_ms: 92.5, source: DYNAMODB },
  sqs_send: {
    p50_ms: 6,
    p99_ms: 20,
    source: MESSAGING,
    assumed: 'both: less than the 13.7 ms (p10) that sending, hop and invocation took together',
  },
  /** From the request that sends a message until its receiver has it. */
  sqs_hop: { p50_ms: 16.2, p99_ms: 105, source: MESSAGING },
  /** From a write until the function that reads the stream is invoked. */
  stream_hop: { p50_ms: 213, p99_ms: 552, source: MESSAGING },
  /** What API Gateway adds to a request or a frame that a function answers, an authorizer included. */
  gateway: { p50_ms: 4, p99_ms: 10, source: HTTP_API, assumed: 'the median, and that frames take no longer' },
  /** What Lambda adds to a warm invocation by API Gateway. */
  invocation: {
    p50_ms: 5,
    p99_ms: 15,
    source: MESSAGING,
    assumed: 'both: less than the 13.7 ms (p10) that sending, hop and invocation took together',
  },
  /** `PostToConnection`, until the frame leaves. */
  post: { p50_ms: 6, p99_ms: 20, source: HTTP_API, assumed: 'both: nobody has published any' },
} as const satisfies Readonly<Record<string, Distribution>>;

/** What has a delay. */
export type Hop = keyof typeof AWS_DELAYS;
