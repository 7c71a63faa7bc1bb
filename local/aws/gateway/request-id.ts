import { randomBytes } from 'node:crypto';

/** An id in the form that API Gateway uses for requests, messages and connections: `R0oXAdfD0kwCH6w=`. */
export const gatewayId = (): string => `${randomBytes(11).toString('base64url')}=`;

/** A time in the form that API Gateway uses: `16/Mar/2025:00:46:22 +0000`. */
export function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
