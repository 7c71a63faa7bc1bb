import { createHash, randomUUID } from 'node:crypto';

/** A user attribute of a message, as in the API. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** What a sender provides. */
export interface NewMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** How many times the chain of functions and queues behind this message has already gone round. */
  readonly rounds?: number;
  /** In a queue with groups: messages of one group come one after the other. */
  readonly group?: string;
  /** In a queue with groups: of two messages with the same id within five minutes only the first one counts. */
  readonly deduplicationId?: string;
}

/** A message in a queue. */
export interface Message extends NewMessage {
  readonly id: string;
  readonly sentAt: number;
  firstReceivedAt?: number;
  receiveCount: number;
}

export const newMessage = (message: NewMessage): Message => ({
  ...message,
  id: randomUUID(),
  sentAt: Date.now(),
  receiveCount: 0,
});

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The total size of messages in bytes: their bodies, and the names, types and values of their attributes. */
export const bytesOf = (messages: readonly Pick<NewMessage, 'body' | 'attributes'>[]): number =>
  messages.reduce((sum, { body, attributes = {} }) => sum + Buffer.byteLength(body) + attributeBytes(attributes), 0);

const attributeBytes = (attributes: NonNullable<NewMessage['attributes']>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    0,
  );

/** A message as a handler receives it from Lambda. */
export function toRecord(message: Message, queueArn: string): object {
  return {
    messageId: message.id,
    receiptHandle: `${message.id}#${message.receiveCount}`,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'LOCAL',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      ...(message.group !== undefined && { MessageGroupId: message.group }),
      ...(message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          dataType: DataType,
          stringListValues: [],
          binaryListValues: [],
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        },
      ]),
    ),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}
