import type { ErrorCode } from '#domain/errors.ts';

/** The HTTP status of each code. */
export const STATUS = {
  invalid_json: 400,
  validation_failed: 400,
  unknown_type: 400,
  too_many_members: 400,
  unauthenticated: 401,
  not_allowed: 403,
  not_a_member: 403,
  not_found: 404,
  call_ended: 409,
  already_answered: 409,
  not_ringing: 409,
  glare: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
  contended: 503,
  media_not_configured: 503,
} as const satisfies Record<ErrorCode, number>;

/** After these codes the same request may succeed, in so many seconds. */
export const RETRY_AFTER_S: Partial<Record<ErrorCode, number>> = { rate_limited: 1, contended: 1 };
