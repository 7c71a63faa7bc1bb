import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';
import { traceHeader } from '#local/aws/lambda/trace.ts';
import { connectEventSource, failedIds } from '#local/aws/sqs/event-source.ts';
import { newMessage } from '#local/aws/sqs/message.ts';
import { type Disorder, openQueue, type Queue } from '#local/aws/sqs/queue.ts';
import { sqsApi } from '#local/aws/sqs/sqs-api.ts';
import { openUsage } from '#local/lab/metering/usage.ts';

interface Setting {
  readonly visibilityMs?: number;
  readonly maxReceiveCount?: number;
  readonly batchSize?: number;
  readonly disorder?: Disorder;
}

const ARN = 'arn:aws:sqs:us-east-1:000000000000:Work';
const spec = { name: 'Work', arn: ARN, url: 'http://127.0.0.1/000000000000/Work', visibilityMs: 30_000, delayS: 0 };

/** A queue whose messages go to `handler`, and the messages delivered so far. */
function aWorkedQueue(handler: (event: SQSEvent) => unknown, setting: Setting = {}) {
  const {
    visibilityMs = 40,
    maxReceiveCount = 3,
    batchSize = 10,
    disorder = { duplicate: false, shuffle: false },
  } = setting;
  const dead = openQueue(
    { ...spec, name: 'Dead', redrive: undefined },
    { duplicate: false, shuffle: false },
    () => undefined,
  );
  const redrive = { deadLetterArn: 'dead', maxReceiveCount };
  const queue = openQueue({ ...spec, visibilityMs, redrive }, disorder, () => dead);
  const events: SQSRecord[][] = [];
  const target = {
    name: 'Worker',
    invoke: async (event: unknown) => {
      const { Records } = event as SQSEvent;
      events.push(structuredClone(Records));
      return await handler({ Records });
    },
  };
  const mapping = { queueArn: ARN, functionName: 'Worker', batchSize, partialFailures: true, pollers: 5 };
  const usage = openUsage(false);
  connectEventSource(queue, mapping, target, usage, () => {});
  return { queue, dead, events, usage };
}

const never = () => {
  throw new Error('no');
};

describe('a queue', () => {
  it('delivers at once, in the shape of the real records', async () => {
    const { queue, events } = aWorkedQueue(() => null);
    queue.send({ body: 'hello', attributes: { a: { DataType: 'String', StringValue: 'b' } } });
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events[0]?.[0]).toMatchObject({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d+$/) },
      messageAttributes: { a: { dataType: 'String', stringValue: 'b' } },
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
      awsRegion: 'us-east-1',
    });
    await vi.waitFor(() => expect(queue.state()).toMatchObject({ visible: 0, in_flight: 0 }));
  });

  it('redelivers a failed message when its visibility ends, and dead-letters it after the last attempt', async () => {
    const { queue, dead, events } = aWorkedQueue(never, { visibilityMs: 200 });
    queue.send({ body: 'poison' });
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(queue.state()).toMatchObject({ visible: 0, in_flight: 1 });
    await vi.waitFor(() => expect(dead.state().bodies).toEqual(['poison']), 3000);
    expect(events.map(([record]) => record?.attributes.ApproximateReceiveCount)).toEqual(['1', '2', '3']);
    expect(queue.state()).toMatchObject({ visible: 0, in_flight: 0 });
  });

  it('keeps only the reported messages of a batch', async () => {
    const failOdd = ({ Records }: SQSEvent) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'odd').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    });
    const { queue, dead, events } = aWorkedQueue(failOdd, { maxReceiveCount: 2 });
    for (const body of ['odd', 'even']) queue.send({ body });
    await vi.waitFor(() => expect(dead.state().bodies).toEqual(['odd']));
    expect(events.map((batch) => batch.map(({ body }) => body))).toEqual([['odd', 'even'], ['odd']]);
  });

  it('is billed for each batch that it delivers and each that is deleted, but not for failed ones', async () => {
    const { queue, events, usage } = aWorkedQueue(
      ({ Records }) => ({
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId: itemIdentifier }) => ({
          itemIdentifier,
        })),
      }),
      { visibilityMs: 10_000 },
    );
    for (const body of ['good', 'fine', 'bad']) queue.send({ body });
    await vi.waitFor(() => expect(queue.state().in_flight).toBe(1));
    expect(events).toHaveLength(1);
    expect(usage.report().sqs).toEqual({ work: { requests: 2, messages: 0 } });
    queue.send({ body: 'bad' });
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(usage.report().sqs).toEqual({ work: { requests: 3, messages: 0 } });
  });

  it('holds a delayed message back', async () => {
    const { queue, events } = aWorkedQueue(() => null);
    queue.send({ body: 'later' }, 0.05);
    expect(queue.state().delayed).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events).toHaveLength(0);
    await vi.waitFor(() => expect(events).toHaveLength(1));
  });

  it('works on several batches at once, up to the number of pollers', async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
    };
    const { queue, events } = aWorkedQueue(slow, { batchSize: 1, visibilityMs: 5000 });
    for (let n = 0; n < 12; n += 1) queue.send({ body: String(n) });
    await vi.waitFor(() => expect(events).toHaveLength(12));
    expect(most).toBe(5);
  });

  it('delivers twice, and out of order, when told to', async () => {
    const { queue, events } = aWorkedQueue(() => null, { disorder: { duplicate: true, shuffle: true }, batchSize: 1 });
    const sent = Array.from({ length: 8 }, (_, n) => String(n));
    for (const body of sent) queue.send({ body });
    await vi.waitFor(() => expect(events).toHaveLength(16));
    const bodies = events.flat().map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(sent.flatMap((body) => [body, body]).toSorted());
    expect([...new Set(bodies)]).not.toEqual(sent);
  });

  it('stops a chain of functions and queues that triggers itself', async () => {
    const { queue, dead, events } = aWorkedQueue(() => null);
    queue.send({ body: 'round 17', rounds: 16 });
    await vi.waitFor(() => expect(dead.state().bodies).toEqual(['round 17']));
    expect(events).toHaveLength(0);
  });
});

describe('a partial batch report', () => {
  const batch = [newMessage({ body: 'a' }), newMessage({ body: 'b' })];
  const ids = batch.map(({ id }) => id);

  it.each<[string, unknown, number]>([
    ['nothing at all', undefined, 0],
    ['an empty list', { batchItemFailures: [] }, 0],
    ['no list', { batchItemFailures: null }, 0],
    ['one of the messages', { batchItemFailures: [{ itemIdentifier: ids[0] }] }, 1],
    ['an unknown message', { batchItemFailures: [{ itemIdentifier: ids[0] }, { itemIdentifier: 'who' }] }, 2],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, 2],
    ['a wrong key', { batchItemFailures: [{ id: ids[0] }] }, 2],
    ['something else than a list', { batchItemFailures: 'all' }, 2],
  ])('that names %s', (_, report, failed) => {
    expect(failedIds(report, batch).size).toBe(failed);
  });
});

describe('the SQS API', () => {
  let server: InternalServer;
  let queue: Queue;
  let own: Queue;
  let client: SQSClient;
  const usage = openUsage(false);

  const open = (name: string, visibilityMs: number): Queue => {
    const url = `${server.url}/000000000000/${name}`;
    const inOrder = { duplicate: false, shuffle: false };
    return openQueue({ ...spec, name, url, visibilityMs, redrive: undefined }, inOrder, () => undefined);
  };

  beforeAll(async () => {
    server = await startInternalServer(() => {});
    queue = open('Work', 30_000);
    own = open('Own', 60);
    server.serve(sqsApi([queue, own], usage));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
  });
  afterAll(() => {
    client.destroy();
    server.stop();
  });

  const send = (MessageBody: string, more: object = {}) =>
    client.send(new SendMessageCommand({ QueueUrl: queue.spec.url, MessageBody, ...more }));

  it('accepts messages from the SDK, which checks their digest', async () => {
    const { MessageId } = await send('straße', { DelaySeconds: 900 });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(queue.state().delayed).toBe(1);
  });

  it('accepts batches, entry by entry', async () => {
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: 'y', DelaySeconds: 901 },
    ];
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queue.spec.url, Entries }));
    expect(answer.Successful).toMatchObject([{ Id: 'good' }]);
    expect(usage.report().sqs).toEqual({ work: { requests: 2, messages: 2 } });
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue', SenderFault: true }]);
  });

  it('refuses what the real one refuses', async () => {
    await expect(send('x', { DelaySeconds: 901 })).rejects.toThrow('DelaySeconds');
    await expect(send('')).rejects.toThrow('MessageBody');
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow('1048576');
    await expect(send('x', { QueueUrl: `${server.url}/000000000000/Nowhere` })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('carries the rounds of a chain from the sender of a message into it', async () => {
    const [before] = queue.receive(1);
    expect(before?.rounds).toBe(0);
    await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'x-amzn-trace-id': traceHeader(3) },
      body: JSON.stringify({ QueueUrl: queue.spec.url, MessageBody: 'z' }),
    });
    expect(queue.receive(1)[0]?.rounds).toBe(3);
  });

  it('delivers messages to receivers without Lambda until they are deleted', async () => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'Own' }));
    const receive = (WaitTimeSeconds: number) => client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }));
    expect((await receive(0)).Messages).toBeUndefined();
    const waiting = receive(5);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    expect((await waiting).Messages).toMatchObject([{ Body: 'hello' }]);
    const [again] = (await receive(5)).Messages ?? [];
    expect(again?.Body).toBe('hello');
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
    expect(own.state()).toMatchObject({ visible: 0, in_flight: 0 });
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'Nowhere' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});

describe('a queue with groups', () => {
  const none = { duplicate: true, shuffle: true };

  /** One that its function works on, message by message. */
  function aFifoQueue(handler: (body: string) => Promise<void>) {
    const queue = openQueue({ ...spec, fifo: true, visibilityMs: 100, redrive: undefined }, none, () => undefined);
    const handled: string[] = [];
    const mapping = { queueArn: ARN, functionName: 'Worker', batchSize: 1, partialFailures: false, pollers: 2 };
    const target = {
      name: 'Worker',
      invoke: async (event: unknown) => {
        for (const { body } of (event as SQSEvent).Records) {
          await handler(body);
          handled.push(body);
        }
      },
    };
    connectEventSource(queue, mapping, target, openUsage(false), () => {});
    return { queue, handled };
  }
  const send = (queue: Queue, group: string, body: string) => queue.send({ body, group, deduplicationId: body });

  it('delivers each group in order, and no group waits for another', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { queue, handled } = aFifoQueue((body) => (body.startsWith('slow') ? held : Promise.resolve()));
    for (const n of [1, 2, 3]) for (const group of ['slow', 'a', 'b', 'c', 'd']) send(queue, group, `${group} ${n}`);
    await vi.waitFor(() => expect(handled).toHaveLength(12));
    expect(handled.filter((body) => body.startsWith('a'))).toEqual(['a 1', 'a 2', 'a 3']);
    letGo();
    await vi.waitFor(() => expect(handled).toHaveLength(15));
    expect(handled.filter((body) => body.startsWith('slow'))).toEqual(['slow 1', 'slow 2', 'slow 3']);
  });

  it('delivers what failed before what was sent to its group after it', async () => {
    let fails = true;
    const { queue, handled } = aFifoQueue(async (body) => {
      if (body !== 'one' || !fails) return;
      fails = false;
      throw new Error('no');
    });
    for (const body of ['one', 'two']) send(queue, 'a', body);
    await vi.waitFor(() => expect(handled).toEqual(['one', 'two']));
  });

  it('takes a message with the same id once', async () => {
    const { queue, handled } = aFifoQueue(async () => undefined);
    expect(send(queue, 'a', 'one').id).toBe(send(queue, 'a', 'one').id);
    send(queue, 'a', 'two');
    await vi.waitFor(() => expect(handled).toEqual(['one', 'two']));
  });
});
