import { z } from 'zod';
import { type Message, md5 } from './message.ts';
import type { Queue } from './queue.ts';
import { fail, queueOf } from './sqs-error.ts';

const named = z.object({ QueueName: z.string() });
const wanted = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  VisibilityTimeout: z.undefined('the local stack does not support it').optional(),
});
const done = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });

type Action = (body: unknown) => object | Promise<object>;

/** The actions for receiving without Lambda: find a queue's URL by its name, receive messages, delete them. */
export function receivingActions(queues: readonly Queue[]): Readonly<Record<string, Action>> {
  const polls = new Map(queues.map((queue) => [queue, pollsOf(queue)]));
  const handed = new Map<string, Message>();
  const toAnswer = (message: Message): object => {
    const ReceiptHandle = `${message.id}#${message.receiveCount}`;
    handed.set(ReceiptHandle, message);
    return { MessageId: message.id, ReceiptHandle, MD5OfBody: md5(message.body), Body: message.body };
  };
  return {
    GetQueueUrl(body) {
      const { QueueName } = named.parse(body);
      const queue = queues.find(({ spec }) => spec.name === QueueName);
      return { QueueUrl: queue?.spec.url ?? fail('QueueDoesNotExist', `there is no queue ${QueueName}`) };
    },
    async ReceiveMessage(body) {
      const { QueueUrl, MaxNumberOfMessages, WaitTimeSeconds } = wanted.parse(body);
      const messages = await polls.get(queueOf(queues, QueueUrl))?.(MaxNumberOfMessages, WaitTimeSeconds * 1000);
      return messages?.length ? { Messages: messages.map(toAnswer) } : {};
    },
    DeleteMessage(body) {
      const { QueueUrl, ReceiptHandle } = done.parse(body);
      const message = handed.get(ReceiptHandle);
      if (message) queueOf(queues, QueueUrl).delete(message);
      handed.delete(ReceiptHandle);
      return {};
    },
  };
}

type Poll = (most: number, waitMs: number) => Promise<Message[]>;

/** Takes messages from a queue or waits for the next ones. Whoever has waited longest gets them first. */
function pollsOf(queue: Queue): Poll {
  const waiting = new Set<() => void>();
  queue.onAvailable(() => {
    for (const look of waiting) look();
  });
  return (most, waitMs) =>
    new Promise((resolve) => {
      const answer = (messages: Message[]): void => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(messages);
      };
      const look = (): void => {
        const messages = queue.receive(most);
        if (messages.length > 0) answer(messages);
      };
      const timer = setTimeout(() => answer([]), waitMs).unref();
      waiting.add(look);
      look();
    });
}
