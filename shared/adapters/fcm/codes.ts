import type { Verdict } from '#ports/push-sender.ts';

/**
 * Every error code of FCM, with its status and what it means for the push.
 * @see https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 */
export const FCM_CODES: Readonly<Record<string, readonly [status: number, verdict: Verdict]>> = {
  // Either the token or our message is bad: FCM does not tell them apart.
  INVALID_ARGUMENT: [400, 'refused'],
  UNSPECIFIED_ERROR: [400, 'refused'],
  // This is about Firebase's own credentials for APNs and Web Push. Android phones ring anyway.
  THIRD_PARTY_AUTH_ERROR: [401, 'refused'],
  // Either our project is wrong or the token belongs to another one. The answer for one token does not tell which.
  SENDER_ID_MISMATCH: [403, 'refused'],
  UNREGISTERED: [404, 'unregistered'],
  QUOTA_EXCEEDED: [429, 'retryable'],
  INTERNAL: [500, 'retryable'],
  UNAVAILABLE: [503, 'retryable'],
};

/**
 * Reasons that Google gives before a request reaches FCM. They are about the sender: our account may not push at all.
 * @see https://docs.cloud.google.com/apis/design/errors
 */
export const GOOGLE_REASONS: Readonly<Record<string, readonly [status: number, verdict: Verdict]>> = {
  // The next attempt uses a new access token.
  ACCESS_TOKEN_EXPIRED: [401, 'retryable'],
  ACCESS_TOKEN_TYPE_UNSUPPORTED: [401, 'misconfigured'],
  CREDENTIALS_MISSING: [401, 'misconfigured'],
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: [403, 'misconfigured'],
  CONSUMER_INVALID: [403, 'misconfigured'],
  CONSUMER_SUSPENDED: [403, 'misconfigured'],
  IAM_PERMISSION_DENIED: [403, 'misconfigured'],
  SERVICE_DISABLED: [403, 'misconfigured'],
};
