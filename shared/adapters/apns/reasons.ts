import type { Verdict } from '#ports/push-sender.ts';

/**
 * Every reason that APNs gives, with its status and what it means for the push. A reason that comes with another status, or
 * that is not in this list, is judged by its status alone.
 * @see https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */
export const APNS_REASONS: Readonly<Record<string, readonly [status: number, verdict: Verdict]>> = {
  BadCollapseId: [400, 'refused'],
  BadDeviceToken: [400, 'wrong_environment'],
  BadExpirationDate: [400, 'refused'],
  BadMessageId: [400, 'refused'],
  BadPriority: [400, 'refused'],
  BadTopic: [400, 'misconfigured'],
  // Either our topic is wrong or the token belongs to another app. The answer for one token does not tell which.
  DeviceTokenNotForTopic: [400, 'refused'],
  DuplicateHeaders: [400, 'refused'],
  IdleTimeout: [400, 'retryable'],
  InvalidPushType: [400, 'refused'],
  MissingDeviceToken: [400, 'refused'],
  MissingTopic: [400, 'misconfigured'],
  PayloadEmpty: [400, 'refused'],
  TopicDisallowed: [400, 'misconfigured'],
  BadCertificate: [403, 'misconfigured'],
  BadCertificateEnvironment: [403, 'misconfigured'],
  // Apple documents the first of these two; clients report the second from the wire.
  BadEnvironmentKeyIdInToken: [403, 'misconfigured'],
  BadEnvironmentKeyInToken: [403, 'misconfigured'],
  // The next attempt uses a new provider token.
  ExpiredProviderToken: [403, 'retryable'],
  Forbidden: [403, 'refused'],
  InvalidProviderToken: [403, 'misconfigured'],
  MissingProviderToken: [403, 'misconfigured'],
  // The connection was bound to another key. The next attempt uses a new connection.
  UnrelatedKeyIdInToken: [403, 'retryable'],
  BadPath: [404, 'refused'],
  MethodNotAllowed: [405, 'refused'],
  ExpiredToken: [410, 'unregistered'],
  Unregistered: [410, 'unregistered'],
  PayloadTooLarge: [413, 'refused'],
  TooManyProviderTokenUpdates: [429, 'retryable'],
  TooManyRequests: [429, 'retryable'],
  InternalServerError: [500, 'retryable'],
  ServiceUnavailable: [503, 'retryable'],
  Shutdown: [503, 'retryable'],
};
