import type { Verdict } from '#ports/push-sender.ts';

/**
 * Every error code of FCM: the status that it comes with, and what it means for the push.
 * @see https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 */
export const FCM_CODES: Readonly<Record<string, readonly [status: number, verdict: Verdict]>> = {
  // A bad token or a bad message of ours: FCM does not tell them apart.
  INVALID_ARGUMENT: [400, 'refused'],
  UNSPECIFIED_ERROR: [400, 'refused'],
  // Of the credentials that Firebase itself has for APNs and Web Push: Android phones ring all the same.
  THIRD_PARTY_AUTH_ERROR: [401, 'refused'],
  // It may be our project or a token of another one: one token's answer is no proof.
  SENDER_ID_MISMATCH: [403, 'refused'],
  UNREGISTERED: [404, 'unregistered'],
  QUOTA_EXCEEDED: [429, 'retryable'],
  INTERNAL: [500, 'retryable'],
  UNAVAILABLE: [503, 'retryable'],
};

/**
 * What Google's front door says of who asks, where FCM itself has not been asked: our account may not push at all.
 * @see https://docs.cloud.google.com/apis/design/errors
 */
export const GOOGLE_REASONS: Readonly<Record<string, readonly [status: number, verdict: Verdict]>> = {
  // The next attempt has a new access token.
  ACCESS_TOKEN_EXPIRED: [401, 'retryable'],
  ACCESS_TOKEN_TYPE_UNSUPPORTED: [401, 'misconfigured'],
  CREDENTIALS_MISSING: [401, 'misconfigured'],
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: [403, 'misconfigured'],
  CONSUMER_INVALID: [403, 'misconfigured'],
  CONSUMER_SUSPENDED: [403, 'misconfigured'],
  IAM_PERMISSION_DENIED: [403, 'misconfigured'],
  SERVICE_DISABLED: [403, 'misconfigured'],
};
