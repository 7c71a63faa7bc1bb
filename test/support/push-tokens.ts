import { randomBytes } from 'node:crypto';

/** An APNs token that nobody else has: 64 hexadecimal digits. */
export const anApnsToken = (): string => randomBytes(32).toString('hex');
