import type { PushReply } from '../push-request.ts';
import type { Outcome } from '../scripted-outcomes.ts';

/** The reasons of Apple's that mean a rule was broken, with the status that each comes with. @see https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
const statuses = {
  BadCollapseId: 400,
  BadExpirationDate: 400,
  BadMessageId: 400,
  BadPriority: 400,
  BadTopic: 400,
  DuplicateHeaders: 400,
  InvalidPushType: 400,
  MissingDeviceToken: 400,
  MissingTopic: 400,
  PayloadEmpty: 400,
  TopicDisallowed: 400,
  ExpiredProviderToken: 403,
  InvalidProviderToken: 403,
  MissingProviderToken: 403,
  BadPath: 404,
  MethodNotAllowed: 405,
  PayloadTooLarge: 413,
  TooManyProviderTokenUpdates: 429,
} as const;

/** A request that broke a rule of Apple's. */
export interface Refusal {
  readonly reason: keyof typeof statuses;
  readonly detail: string;
}

const usualReasons: Readonly<Record<number, string>> = {
  400: 'BadDeviceToken',
  403: 'InvalidProviderToken',
  404: 'BadPath',
  405: 'MethodNotAllowed',
  410: 'Unregistered',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** Apple: never try again with the same. */
const finalReasons: ReadonlySet<unknown> = new Set([
  'BadDeviceToken',
  'DeviceTokenNotForTopic',
  'ExpiredToken',
  'Forbidden',
  'PayloadTooLarge',
  'Unregistered',
]);

/** True for a refusal that no retry can change. */
export const isFinal = ({ body }: PushReply): boolean =>
  body !== undefined && 'reason' in body && finalReasons.has(body.reason);

/** The answer to a request that broke a rule. */
export const refusalReply = ({ reason }: Refusal): PushReply => ({ status: statuses[reason], body: { reason } });

/** The answer that a script asks for. */
export function scriptedReply(outcome: Outcome, now: number): PushReply {
  const reason = outcome.reason ?? usualReasons[outcome.status] ?? 'InternalServerError';
  return {
    status: outcome.status,
    ...(outcome.retry_after !== undefined && { headers: { 'retry-after': `${outcome.retry_after}` } }),
    body: { reason, ...(outcome.status === 410 && { timestamp: outcome.timestamp ?? now }) },
  };
}
