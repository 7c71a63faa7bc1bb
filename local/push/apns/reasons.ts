import type { PushReply } from '../push-request.ts';
import type { Outcome } from '../scripted-outcomes.ts';

/** Apple's reasons for requests that break a rule, and the status of each. @see https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
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

/** A request that breaks one of Apple's rules. */
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

/** Apple says that these must not be retried. */
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

/** The answer to a request that breaks a rule. */
export const refusalReply = ({ reason }: Refusal): PushReply => ({ status: statuses[reason], body: { reason } });

/** The scripted answer. */
export function scriptedReply(outcome: Outcome, now: number): PushReply {
  const reason = outcome.reason ?? usualReasons[outcome.status] ?? 'InternalServerError';
  return {
    status: outcome.status,
    ...(outcome.retry_after !== undefined && { headers: { 'retry-after': `${outcome.retry_after}` } }),
    body: { reason, ...(outcome.status === 410 && { timestamp: outcome.timestamp ?? now }) },
  };
}
