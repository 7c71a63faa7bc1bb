import { createHmac } from 'node:crypto';

/** What is signed: the same id at every try, the time of this one in epoch seconds, and the body. */
export interface SignedMessage {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers that prove who sent a message, by one signature for each secret: while a secret rotates, whoever has the old
 * or the new one can verify it. @see https://www.standardwebhooks.com
 */
export function signed(secrets: readonly string[], { id, timestamp, body }: SignedMessage): Record<string, string> {
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}

/** The key that a secret stands for. */
const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
