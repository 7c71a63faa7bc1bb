import type { Call } from './call/call.ts';

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
  readonly cause?: unknown;
}

/** A refusal that the client is told about: a code, a sentence, and details that help to fix it. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly call: Call | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.errors = details.errors;
    this.call = details.call;
  }
}

/** A `validation_failed` about the field at `path`. */
export const invalid = (path: string, message: string): ServiceError =>
  new ServiceError('validation_failed', `${path}: ${message}`, { errors: [{ path, message }] });
