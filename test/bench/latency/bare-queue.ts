import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { localClient } from '../../../tools/local-stack.ts';

/** A queue with the SDK's client. */
export interface BareQueue {
  /** Waits for the next message as a poller does. */
  receive(): Promise<ReceivedMessage>;
  send(): Promise<void>;
  close(): void;
}

/** A message that has come. */
export interface ReceivedMessage {
  delete(): Promise<void>;
}

/** A dead-letter queue of the template, since nothing receives from it. */
const QUEUE = 'RingDead';
const BODY = JSON.stringify({ type: 'ring', filling: 'x'.repeat(150) });

/** Finds the queue at the address of the stack's SQS. */
export async function bareQueue(endpoint: string): Promise<BareQueue> {
  const sqs = new SQSClient(localClient(endpoint));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: QUEUE }));
  return {
    async receive() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      const [message] = Messages;
      if (!message) throw new Error('the message did not come');
      const { ReceiptHandle } = message;
      return { delete: async () => void (await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))) };
    },
    async send() {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: BODY }));
    },
    close: () => sqs.destroy(),
  };
}
