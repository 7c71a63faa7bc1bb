import { randomUUID } from 'node:crypto';
import type { Call } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { type ErrorCode, type FieldError, ServiceError } from '#domain/errors.ts';
import type { UnauthenticatedReason } from '#domain/identity.ts';
import { described, log } from '../observe/log.ts';

/** What a client is told of a refusal, whatever the transport. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors?: readonly FieldError[];
  /** The call in its present state, for `call_ended` and `glare`. */
  readonly call?: Call;
  /** Why nobody is authenticated, for `unauthenticated`. */
  readonly reason?: UnauthenticatedReason;
  /** After how many seconds the same may succeed, for `rate_limited`. */
  readonly retryAfterS?: number;
  /** Finds the log line of an internal error. */
  readonly requestId?: string;
}

/** The refusal that an error comes down to. An error of no known kind is logged, and its details stay in the log. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) {
    const { code, message, errors, call, reason, retryAfterS } = error;
    return { code, message, ...defined({ errors, call, reason, retryAfterS }) };
  }
  const requestId = randomUUID();
  log.error('internal error', { request_id: requestId, error: described(error) });
  return { code: 'internal', message: 'something went wrong on our side', requestId };
}
