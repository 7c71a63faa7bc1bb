import { randomBytes } from 'node:crypto';

/** An id as API Gateway makes them, for requests, messages and connections: `R0oXAdfD0kwCH6w=`. */
export const gatewayId = (): string => `${randomBytes(11).toString('base64url')}=`;

/** A time as API Gateway writes it: `16/Mar/2025:00:46:22 +0000`. */
export function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
