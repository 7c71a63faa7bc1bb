import { createECDH } from 'node:crypto';
import { encrypt } from 'http_ece';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { type PushFormat, pushJson } from '#wire/push/format.ts';
import { ttlOf } from '#wire/push/ttl.ts';

/** A push to a browser's subscription, at the moment when it is sent. */
export interface WebPush {
  readonly pushToken: PushToken;
  readonly push: Push;
  readonly format?: PushFormat | undefined;
  readonly now: EpochMs;
}

/** A request to a push service, without what says who sends it. */
export interface WebPushRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The request of a push. It has no topic: a stop must not take the place of a ring that has not arrived, nor the other way round. */
export function webPushRequest({ pushToken, push, format, now }: WebPush): WebPushRequest {
  return {
    headers: {
      ttl: `${ttlOf(push, now)}`,
      urgency: push.kind === 'missed' ? 'normal' : 'high',
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
    },
    body: encrypted(pushToken.keys, JSON.stringify(pushJson(format, push, pushToken.userId))),
  };
}

/** Encrypts a message, so that the browser alone can read it. @see https://www.rfc-editor.org/rfc/rfc8291 */
function encrypted(keys: PushToken['keys'], text: string): Buffer {
  if (!keys) throw new Error('a subscription has no keys');
  const privateKey = createECDH('prime256v1');
  privateKey.generateKeys();
  return encrypt(Buffer.from(text), {
    version: 'aes128gcm',
    dh: keys.p256dh,
    authSecret: keys.auth,
    privateKey,
  });
}
