import type { Call } from './call/call.ts';
import type { UnauthenticatedReason } from './identity.ts';

/** Every code that a client may see. They are stable, and each transport maps all of them. */
export const ERROR_CODES = [
  'invalid_json',
  'validation_failed',
  'unknown_type',
  'too_many_members',
  'unauthenticated',
  'not_allowed',
  'not_a_member',
  'not_found',
  'call_ended',
  'already_answered',
  'not_ringing',
  'glare',
  'payload_too_large',
  'rate_limited',
  'internal',
  'contended',
  'media_not_configured',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one field of a request. */
export interface FieldError {
  /** Dotted path into the request, such as `members.1.user_id`. */
  readonly path: string;
  readonly message: string;
}

/** What a refusal may carry besides its code. */
export interface ErrorDetails {
  readonly errors?: readonly FieldError[];
  /** The call in its present state, for `call_ended` and `glare`. */
  readonly call?: Call;
  /** Why nobody is authenticated, for `unauthenticated`. */
  readonly reason?: UnauthenticatedReason;
  /** After how many seconds the same may succeed, for `rate_limited`. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/** A refusal that the client is told about: a code, a sentence, and details that help to fix it. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly call: Call | undefined;
  readonly reason: UnauthenticatedReason | undefined;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.errors = details.errors;
    this.call = details.call;
    this.reason = details.reason;
    this.retryAfterS = details.retryAfterS;
  }
}

/** A `validation_failed` about the field at `path`. */
export const invalid = (path: string, message: string): ServiceError =>
  new ServiceError('validation_failed', path === '' ? message : `${path}: ${message}`, { errors: [{ path, message }] });

/** What each reason for `unauthenticated` means, in words. No quotation marks: they also stand in `WWW-Authenticate`. */
const UNAUTHENTICATED: Readonly<Record<UnauthenticatedReason, string>> = {
  missing: 'a bearer token is required: send it in the header Authorization',
  malformed:
    'the token is not a JWT, has no exp, names no user or operator, or one of its claims has a wrong type or length',
  expired: 'the token has expired: get a new one, or check the clock of whoever made it',
  not_yet_valid:
    'the token is not valid yet: its nbf or iat is more than 30 s ahead, so check the clock of whoever made it',
  bad_signature: 'Token signature is invalid',
  unknown_key: 'the key that the token names (kid) is not one of this deployment',
  wrong_audience: 'the token is for another audience (aud)',
  signed_out: 'the token is no longer good: its user or its device has been signed out since',
};

/** An `unauthenticated` that says why. */
export const unauthenticated = (reason: UnauthenticatedReason): ServiceError =>
  new ServiceError('unauthenticated', UNAUTHENTICATED[reason], { reason });
