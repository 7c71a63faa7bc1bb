import { randomBytes } from 'node:crypto';

/** A browser's subscription, without its endpoint; its keys are those of RFC 8291's example. */
export const aWebPushDevice = {
  push_provider: 'webpush',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
} as const;

/** An APNs token that nobody else has: 64 hexadecimal digits. */
export const anApnsToken = (): string => randomBytes(32).toString('hex');
