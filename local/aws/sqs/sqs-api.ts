import { z } from 'zod';
import type { Usage } from '../../lab/metering/usage.ts';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalService } from '../internal-server.ts';
import { roundsOf } from '../lambda/trace.ts';
import { displayName } from '../template/display-name.ts';
import { bytesOf, md5, type NewMessage } from './message.ts';
import type { Queue } from './queue.ts';
import { receivingActions } from './receiving.ts';
import { fail, queueOf, SqsError } from './sqs-error.ts';

/** The limit for one message, or for all messages of a batch together, in bytes. */
const MAX_BYTES = 1_048_576;
const TARGET = 'AmazonSQS.';

const entry = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.int().optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().max(128).optional(),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
    )
    .optional(),
});
const single = entry.extend({ QueueUrl: z.string() });
const batch = z.object({ QueueUrl: z.string(), Entries: z.array(entry.extend({ Id: z.string() })) });

/** The part of the SQS API (its JSON protocol) that is used to send, and to receive without Lambda. */
export function sqsApi(queues: readonly Queue[], usage: Pick<Usage, 'queueRequest'>): InternalService {
  const actions: Readonly<Record<string, (body: unknown, rounds: number) => object | Promise<object>>> = {
    ...receivingActions(queues),
    SendMessage(body, rounds) {
      const message = single.parse(body);
      check([message.MessageBody]);
      const queue = queueOf(queues, message.QueueUrl);
      const sent = send(queue, message, rounds);
      usage.queueRequest(displayName(queue.spec.name), bytesOf([contentOf(message, rounds)]), 1);
      return sent;
    },
    SendMessageBatch(body, rounds) {
      const { QueueUrl, Entries } = batch.parse(body);
      const queue = queueOf(queues, QueueUrl);
      checkBatch(Entries);
      const result = sendAll(queue, Entries, rounds);
      const bytes = bytesOf(Entries.map((message) => contentOf(message, rounds)));
      usage.queueRequest(displayName(queue.spec.name), bytes, result.Successful.length);
      return result;
    },
  };
  const actionOf = (target: unknown): string => String(target).slice(TARGET.length);
  return {
    matches: ({ headers }) => String(headers['x-amz-target']).startsWith(TARGET),
    accessesOf({ headers }, body) {
      const url: unknown = Object(JSON.parse(String(body))).QueueUrl;
      const action = `sqs:${actionOf(headers['x-amz-target']).replace(/Batch$/, '')}`;
      return [{ action, resource: queues.find(({ spec }) => spec.url === url)?.spec.arn ?? String(url) }];
    },
    async handle(request, response) {
      const name = actionOf(request.headers['x-amz-target']);
      try {
        const action = actions[name] ?? fail('UnsupportedOperation', `the local stack does not support ${name}`);
        const body: unknown = JSON.parse(String(await readBody(request)));
        sendJson(response, 200, await action(body, roundsOf(request.headers['x-amzn-trace-id'])));
      } catch (error) {
        const { code, message } = described(error);
        sendJson(
          response,
          400,
          { __type: `com.amazonaws.sqs#${code}`, message },
          { 'x-amzn-query-error': `${code};Sender` },
        );
      }
    },
  };
}

function described(error: unknown): { code: string; message: string } {
  if (error instanceof SqsError) return error;
  if (error instanceof z.ZodError) return { code: 'InvalidParameterValue', message: z.prettifyError(error) };
  throw error;
}

const contentOf = (
  {
    MessageBody,
    MessageAttributes,
    MessageGroupId: group,
    MessageDeduplicationId: deduplicationId,
  }: z.output<typeof entry>,
  rounds: number,
): NewMessage => ({
  body: MessageBody,
  rounds,
  ...(group !== undefined && { group }),
  ...(deduplicationId !== undefined && { deduplicationId }),
  ...(MessageAttributes && { attributes: MessageAttributes }),
});

function send(queue: Queue, message: z.output<typeof entry>, rounds: number) {
  const { MessageBody, DelaySeconds } = message;
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > 900)) {
    fail(
      'InvalidParameterValue',
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. It must be >= 0 and <= 900.`,
    );
  }
  checkGroup(queue, message);
  const { id } = queue.send(contentOf(message, rounds), DelaySeconds);
  return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
}

/** A queue with groups wants a group and an id of each message, and keeps none back. */
function checkGroup(
  { spec: { fifo = false } }: Queue,
  { DelaySeconds, MessageGroupId, MessageDeduplicationId }: z.output<typeof entry>,
): void {
  if (fifo && (MessageGroupId === undefined || MessageDeduplicationId === undefined))
    fail('MissingParameter', 'The request must contain the parameters MessageGroupId and MessageDeduplicationId.');
  if (fifo && DelaySeconds !== undefined)
    fail('InvalidParameterValue', `Value ${DelaySeconds} for parameter DelaySeconds is invalid for this queue type.`);
  if (!fifo && MessageDeduplicationId !== undefined)
    fail('InvalidParameterValue', 'The parameter MessageDeduplicationId is not valid for this queue type.');
}

function sendAll(queue: Queue, entries: z.output<typeof batch>['Entries'], rounds: number) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id, ...message } of entries) {
    try {
      Successful.push({ Id, ...send(queue, message, rounds) });
    } catch (error) {
      const { code, message: Message } = described(error);
      Failed.push({ Id, Code: code, Message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

function check(bodies: readonly string[]): void {
  if (bodies.includes('')) fail('MissingParameter', 'The request must contain the parameter MessageBody.');
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
  if (bytes > MAX_BYTES) fail('InvalidParameterValue', `One or more parameters are invalid: over ${MAX_BYTES} bytes.`);
}

function checkBatch(entries: z.output<typeof batch>['Entries']): void {
  if (entries.length === 0) fail('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry.');
  if (entries.length > 10) fail('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) fail('BatchEntryIdsNotDistinct', 'Id is repeated.');
  check(entries.map(({ MessageBody }) => MessageBody));
}
