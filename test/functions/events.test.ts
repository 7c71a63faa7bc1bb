import { randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { toItem } from '#adapters/dynamodb/call-item.ts';
import type { Call } from '#domain/call/call.ts';
import { decide } from '#domain/call/decide.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { StreamRecord } from '#local/aws/dynamodb-streams/shards.ts';
import type { StreamMapping } from '#local/aws/dynamodb-streams/stream-mapping.ts';
import { shardSource } from '#local/aws/dynamodb-streams/stream-source.ts';
import { type Buses, openBuses } from '#local/aws/eventbridge/bus.ts';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';
import { openSecrets, type Secrets } from '#local/aws/secrets/secrets.ts';
import { secretsApi } from '#local/aws/secrets/secrets-api.ts';
import { openQueue, type Queue } from '#local/aws/sqs/queue.ts';
import { sqsApi } from '#local/aws/sqs/sqs-api.ts';
import type { Find } from '#local/aws/template/template.ts';
import { openUsage } from '#local/lab/metering/usage.ts';
import { aRingingCall, NOON, onPhone } from '../support/builders.ts';
import { waitForAws } from '../support/patient-aws.ts';

// The events function as it is deployed, against a bus, queues and secrets on the wire.

const BUS = 'carillon-test';
const WEBHOOKS = [
  { url: 'https://all.example.com/hook', secret: 'whsec_c2VjcmV0' },
  { url: 'https://ends.example.com/hook', secret: ['whsec_bmV3', 'whsec_b2xk'], events: ['call.ended'] },
  { url: 'http://plain.example.com/hook', secret: 'whsec_c2VjcmV0' },
  { url: 'https://169.254.169.254/latest', secret: 'whsec_c2VjcmV0' },
  { url: 'https://nobody.example.com', secret: 'whsec_c2VjcmV0', events: ['call.finished'] },
];

let server: InternalServer;
let buses: Buses;
let queues: Queue[];
let secrets: Secrets;
beforeAll(async () => {
  server = await startInternalServer(() => undefined);
  const find = ((type: string) =>
    type === 'AWS::Events::EventBus' ? [{ properties: { Name: BUS } }] : []) as unknown as Find;
  buses = openBuses(find, 'us-east-1');
  const disorder = { duplicate: false, shuffle: false };
  const aQueue = (name: string, fifo: boolean): Queue =>
    openQueue(
      { name, arn: name, url: `${server.url}/1/${name}`, visibilityMs: 30_000, delayS: 0, fifo, redrive: undefined },
      disorder,
      () => undefined,
    );
  queues = [aQueue('Webhook', true), aQueue('Unread', false)];
  secrets = await openSecrets(
    [{ name: 'Webhooks', arn: 'webhooks', value: JSON.stringify(WEBHOOKS), generated: false }],
    undefined,
  );
  for (const service of [buses, sqsApi(queues, openUsage(false)), secretsApi(secrets)]) server.serve(service);
  const { endpoint, table } = inject('dynamodb');
  waitForAws();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: server.url,
    AWS_ENDPOINT_URL_SQS: server.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
    STAGE: 'test',
    TABLE_NAME: table,
    EVENT_BUS: BUS,
    WEBHOOKS_SECRET: 'webhooks',
    WEBHOOK_QUEUE_URL: queues[0]?.spec.url,
    UNREAD_QUEUE_URL: queues[1]?.spec.url,
    PRIVATE_NETWORKS: '',
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  buses.fault = undefined;
  for (const queue of queues) for (const message of queue.receive(1000)) queue.delete(message);
});

let sequence = 0;
function record(before: object | undefined, after: Record<string, unknown>): DynamoDBRecord {
  sequence += 1;
  const image = (row: object) => marshall(row, { removeUndefinedValues: true, convertClassInstanceToMap: true });
  return {
    eventID: String(sequence),
    eventName: before ? 'MODIFY' : 'INSERT',
    dynamodb: {
      Keys: { pk: { S: String(after['pk']) }, sk: { S: String(after['sk']) } },
      SequenceNumber: String(sequence),
      ...(before && { OldImage: image(before) }),
      NewImage: image(after),
    },
  } as DynamoDBRecord;
}

/** What the stream tells of a call that rings, is answered and ends. */
function aWholeCall(): { cid: string; records: DynamoDBRecord[] } {
  const cid = `default:${randomUUID()}`;
  const states: Call[] = [{ ...aRingingCall(['bob'], { cid }), version: 1 }];
  for (const command of [
    { type: 'accept', by: 'bob', on: onPhone('p') },
    { type: 'end', by: 'alice', on: onPhone('q') },
  ] as const) {
    const decision = decide(states.at(-1) as Call, command, NOON);
    if (decision.kind === 'changed') states.push(decision.change.to);
  }
  const rows = states.map((call) => toItem(call, 30));
  return { cid, records: rows.map((row, i) => record(rows[i - 1], row)) };
}

const handle = async (Records: readonly DynamoDBRecord[]) => {
  const { handler } = await import('../../functions/queue/events.ts');
  const { batchItemFailures } = await handler({ Records: [...Records] });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
const arrived = (cid: string) =>
  buses.events
    .map(({ detail }) => detail as { call_cid?: string; id: string; type: string; version: number })
    .filter(({ call_cid }) => call_cid === cid);
/** The stream's event source, as the template has it. */
const MAPPING: StreamMapping = {
  ...{ tableName: 'Table', streamArn: 'arn', functionName: 'EventsWorker', onFailure: undefined, filters: [] },
  ...{ batchSize: 100, parallel: 10, bisects: true, partialFailures: true, retries: -1, maxAgeMs: 23 * HOUR_MS },
};
const ORDER = ['call.created', 'call.ring', 'call.accepted', 'call.ended'];
const bodiesOf = (queue: Queue | undefined) => queue?.receive(100).map(({ body }) => JSON.parse(body)) ?? [];

describe('the events function', () => {
  it('loses nothing and sends nothing twice without its id if the bus refuses every third entry', async () => {
    const calls = Array.from({ length: 25 }, aWholeCall);
    buses.fault = { count: Number.POSITIVE_INFINITY, every: 3, refuse: true, delayMs: 0 };
    // As they come from the stream: in turn, and in order for each call.
    const records = [0, 1, 2].flatMap((i) => calls.flatMap((call) => call.records[i] ?? []));
    // What is refused too often comes again, with all that follows it, as Lambda does it.
    for (let left = records; left.length > 0; ) {
      const failed = new Set(await handle(left));
      const first = left.findIndex((each) => failed.has(each.dynamodb?.SequenceNumber ?? ''));
      left = first < 0 ? [] : left.slice(first);
    }
    for (const { cid } of calls) {
      const types = new Map(arrived(cid).map(({ id, type }) => [id, type]));
      expect([...types.values()]).toEqual(ORDER);
    }
  });

  it('says which record failed if the bus takes nothing, and tells it again with the same ids', async () => {
    const [failing, fine] = [aWholeCall(), aWholeCall()];
    expect(await handle(failing.records.slice(0, 1))).toEqual([]);
    buses.fault = { count: Number.POSITIVE_INFINITY, every: 1, refuse: true, delayMs: 0 };
    const left = failing.records.slice(1);
    expect(await handle([...left, ...fine.records])).toEqual([
      left[0]?.dynamodb?.SequenceNumber,
      fine.records[0]?.dynamodb?.SequenceNumber,
    ]);
    buses.fault = undefined;
    expect(await handle([...failing.records, ...fine.records])).toEqual([]);
    const events = arrived(failing.cid);
    expect(events.map(({ type }) => type)).toEqual([...ORDER.slice(0, 2), ...ORDER]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect(arrived(fine.cid).map(({ type }) => type)).toEqual(ORDER);
  });

  it('tells all of a stream that stood still for an hour, in order, once the bus takes events again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const givenUp: object[] = [];
    const stopping = new AbortController();
    let invocations = 0;
    const source = shardSource(
      {
        mapping: MAPPING,
        ...{ shardId: 'shard', streamArn: 'arn', usage: openUsage(false), stopping: stopping.signal },
        target: {
          name: 'EventsWorker',
          invoke: async (event) => {
            const { handler } = await import('../../functions/queue/events.ts');
            const answer = await handler(event as DynamoDBStreamEvent);
            invocations += 1;
            return answer;
          },
        },
        giveUp: (what) => givenUp.push(what),
        onDone: () => undefined,
      },
      undefined,
    );
    const take = (calls: readonly { records: readonly DynamoDBRecord[] }[]): void =>
      source.take(
        [0, 1, 2].flatMap((i) =>
          calls
            .flatMap(({ records }) => records[i] ?? [])
            .map((each) => {
              const dynamodb = { ...each.dynamodb, ApproximateCreationDateTime: new Date() };
              return { ...each, dynamodb } as unknown as StreamRecord;
            }),
        ),
      );
    try {
      buses.fault = { count: Number.POSITIVE_INFINITY, every: 1, refuse: true, delayMs: 0 };
      const before = [aWholeCall(), aWholeCall(), aWholeCall()];
      take(before);
      await vi.waitFor(() => expect(invocations).toBeGreaterThan(0), { timeout: 30_000 });
      vi.setSystemTime(Date.now() + HOUR_MS);
      const meanwhile = [aWholeCall(), aWholeCall()];
      take(meanwhile);
      expect(before.flatMap(({ cid }) => arrived(cid))).toEqual([]);
      buses.fault = undefined;
      await vi.waitFor(() => expect(source.isIdle()).toBe(true), { timeout: 30_000 });
      for (const { cid } of [...before, ...meanwhile]) expect(arrived(cid).map(({ type }) => type)).toEqual(ORDER);
      expect(givenUp).toEqual([]);
    } finally {
      stopping.abort();
      vi.useRealTimers();
    }
  });

  it('puts a row aside that it cannot read, and goes on with the rest of its batch and partition', async () => {
    const [first, second] = [aWholeCall(), aWholeCall()];
    const [ring, accept, end] = first.records;
    const poison = record(undefined, { pk: `CALL#${first.cid}`, sk: 'CALL', status: 'none of ours' });
    expect(await handle([ring, poison, accept, end, ...second.records].flatMap((each) => each ?? []))).toEqual([]);
    for (const { cid } of [first, second]) expect(arrived(cid).map(({ type }) => type)).toEqual(ORDER);
    expect(bodiesOf(queues[1])).toMatchObject([
      { pk: `CALL#${first.cid}`, sk: 'CALL', sequenceNumber: poison.dynamodb?.SequenceNumber },
    ]);
  });

  it('has each webhook called that wants to hear of it, and none that may not be called', async () => {
    const { cid, records } = aWholeCall();
    await handle(records);
    const deliveries: { webhook: string; body: string; id: string; attempt: number }[] = bodiesOf(queues[0]);
    const byWebhook = Object.values(Object.groupBy(deliveries, ({ webhook }) => webhook));
    const types = byWebhook.map((own = []) => own.map(({ body }) => JSON.parse(body).type));
    expect(types.map((own) => own.toSorted()).toSorted((a, b) => b.length - a.length)).toEqual([
      ORDER.toSorted(),
      ['call.ended'],
    ]);
    for (const { body, id, attempt } of deliveries) {
      expect(JSON.parse(body)).toMatchObject({ id, call_cid: cid });
      expect(attempt).toBe(1);
    }
    // What is told again has the same ids, and the queue takes it once.
    await handle(records);
    expect(bodiesOf(queues[0])).toEqual([]);
  });

  it('tells nothing of what is no news: other rows, a refreshed device, rows that expire', async () => {
    const before = buses.events.length;
    const device = {
      ...{ pk: 'USER#bob', sk: 'DEVICE#apn#k', userId: 'bob', key: 'k', token: 'f'.repeat(64), idType: 'token' },
      ...{ provider: 'apn', providerName: 'default', voip: true, sandbox: false, createdAt: NOON, refreshedAt: NOON },
    };
    const refreshed = record(device, { ...device, refreshedAt: NOON + 1 });
    const trace = record(undefined, { pk: 'CALL#default:x', sk: 'TRACE#1' });
    const { NewImage, ...gone } = aWholeCall().records[0]?.dynamodb ?? {};
    expect(
      await handle([
        refreshed,
        trace,
        { eventName: 'REMOVE', dynamodb: { ...gone, OldImage: NewImage } } as DynamoDBRecord,
      ]),
    ).toEqual([]);
    expect(buses.events.length).toBe(before);
    await handle([record(undefined, device)]);
    expect(buses.events.at(-1)).toMatchObject({
      source: 'carillon',
      'detail-type': 'device.registered',
      detail: { user_id: 'bob', provider: 'apn', device: 'ffffffff', voip_token: true },
    });
    expect(JSON.stringify(buses.events.at(-1))).not.toContain('f'.repeat(9));
  });

  it('tells once of a push provider that refuses two users', async () => {
    const row = (users: string[], since = NOON) => ({
      ...{ pk: 'PROVIDER#apn#default', sk: 'FAULT', provider: 'apn', name: 'default', reason: 'BadTopic' },
      since,
      users: new Set(users),
    });
    const before = buses.events.length;
    await handle([
      record(undefined, row(['bob'])),
      record(row(['bob']), row(['bob', 'carol'])),
      record(row(['bob', 'carol']), row(['bob', 'carol', 'dan'])),
    ]);
    expect(buses.events.slice(before).map(({ detail }) => detail)).toMatchObject([
      { type: 'push.provider_failing', provider: 'apn', provider_name: 'default', reason: 'BadTopic' },
    ]);
  });
});
