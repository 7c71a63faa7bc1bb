import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { RingJob } from '#ports/queues.ts';
import type { Ground } from '../contestant.ts';

type Handler = (event: Pick<SQSEvent, 'Records'>) => Promise<SQSBatchResponse>;

/** The services of the ring function: secrets, and the queue that brings its messages and takes its retries. */
export interface Surroundings {
  /** Sets the handler of the queue. */
  work(handler: Handler): void;
  /** Delivers a message now; resolves when it and all messages that follow from it are processed. */
  deliver(job: RingJob): Promise<void>;
}

/** A message that failed is delivered again after this. */
const VISIBILITY_MS = 7000;
const MAX_RECEIVES = 5;

/** Serves Secrets Manager and SQS to this process, and points its environment at them. */
export async function startSurroundings({ providersSecret, dynamodb }: Ground): Promise<Surroundings> {
  const secrets: Readonly<Record<string, object>> = {
    'token-keys': { current: 'k1', k1: 'a-key-that-is-long-enough-to-sign-with' },
    'push-providers': providersSecret,
  };
  const queue = openQueue();
  const server = createServer(async (request, response) => {
    const { SecretId = '', Entries = [] }: { SecretId?: string; Entries?: Entry[] } = JSON.parse(await text(request));
    response.setHeader('content-type', 'application/json');
    if (SecretId !== '') return void response.end(JSON.stringify({ SecretString: JSON.stringify(secrets[SecretId]) }));
    for (const { MessageBody, DelaySeconds = 0 } of Entries) queue.send(MessageBody, DelaySeconds * 1000);
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: md5(MessageBody),
    }));
    response.end(JSON.stringify({ Successful, Failed: [] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  server.unref();
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  Object.assign(process.env, environment(url, dynamodb));
  return queue;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}

const md5 = (body: string): string => createHash('md5').update(body).digest('hex');

const environment = (url: string, { endpoint, table }: Ground['dynamodb']) => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  AWS_ENDPOINT_URL: url,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  TABLE_NAME: table,
  TOKEN_KEYS_SECRET: 'token-keys',
  PUSH_PROVIDERS_SECRET: 'push-providers',
  RING_QUEUE_URL: `${url}/ring`,
  DEADLINE_QUEUE_URL: `${url}/deadline`,
  CONNECTIONS_URL: `${url}/ws`,
  SOCKETIO_URL: `${url}/socketio`,
  BUSY: 'ring',
  RETENTION_DAYS: '30',
  MAX_DURATION_S: '43200',
  STAGE: 'bench',
  VANISH_GRACE_S: '20',
  ANSWER_GRACE_S: '60',
  RING_RATE: 'off',
  WHO_MAY_RING: 'anyone',
  WEB_PUSH_HOSTS: '',
});

/** A queue with real delays. A delivery resolves when its ring has no message left. */
function openQueue(): Surroundings & { send(body: string, delayMs: number): void } {
  let handler: Handler | undefined;
  /** The messages that a ring has in the queue, by its id, and the deliveries that wait for the last of them. */
  const open = new Map<string, { count: number; done: () => void }>();

  const ringOf = (body: string): string => JSON.parse(body).cid;

  function close(body: string): void {
    const ring = open.get(ringOf(body));
    if (!ring) return;
    ring.count -= 1;
    if (ring.count === 0) ring.done();
  }

  async function receive(body: string, receives: number): Promise<void> {
    const attributes = { ApproximateReceiveCount: String(receives) };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the handler reads of a record
    const event = { Records: [{ messageId: randomUUID(), body, attributes }] } as unknown as SQSEvent;
    const { batchItemFailures } = (await handler?.(event)) ?? { batchItemFailures: [] };
    if (batchItemFailures.length === 0 || receives >= MAX_RECEIVES) return close(body);
    setTimeout(() => void receive(body, receives + 1), VISIBILITY_MS);
  }

  return {
    work(by) {
      handler = by;
    },
    send(body, delayMs) {
      const ring = open.get(ringOf(body));
      if (ring) ring.count += 1;
      setTimeout(() => void receive(body, 1), delayMs);
    },
    deliver(job) {
      const body = JSON.stringify(job);
      return new Promise((done) => {
        open.set(ringOf(body), { count: 1, done });
        void receive(body, 1);
      });
    },
  };
}
