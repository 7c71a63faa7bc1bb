import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { webhookJob } from '#wire/jobs/webhook-jobs.ts';
import type { WebhookStack } from './webhook-stack.ts';

/** Sends every dead letter again, from the first try on, and returns how many there were. What is no try stays where it is. */
export async function replay({ sqs, queueUrl, deadLettersUrl }: WebhookStack): Promise<{ sent: number; left: number }> {
  let sent = 0;
  let left = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    if (Messages.length === 0) return { sent, left };
    for (const message of Messages) {
      const tried = tryIn(message);
      if (!tried) {
        left += 1;
        continue;
      }
      const place = { MessageGroupId: `${tried.webhook}-replay`, MessageDeduplicationId: randomUUID() };
      const MessageBody = JSON.stringify({ ...tried, attempt: 1 });
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, ...place }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle: message.ReceiptHandle }));
      sent += 1;
    }
  }
}

/** The try that a dead letter is; a text that is no JSON, or a pause, is none. */
function tryIn({ Body = '' }: Message) {
  try {
    const job = webhookJob.parse(JSON.parse(Body));
    return 'due' in job ? job.delivery : job;
  } catch {
    return undefined;
  }
}
