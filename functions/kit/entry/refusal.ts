import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { Call } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { type ErrorCode, type FieldError, invalid, ServiceError } from '#domain/errors.ts';
import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';

/** What a client is told of a refusal, whatever the transport. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors?: readonly FieldError[];
  /** The call as it stands, for `call_ended` and `glare`. */
  readonly call?: Call;
  /** Finds the log line of an internal error. */
  readonly requestId?: string;
}

/** The refusal that an error comes down to; an error of no known kind is logged, and its insides stay here. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) {
    if (error.code === 'contended') meter.record({ type: 'contended' });
    return {
      code: error.code,
      message: error.message,
      ...defined({ errors: error.errors, call: error.call }),
    };
  }
  const requestId = randomUUID();
  meter.record({ type: 'internal_error' });
  log.error('internal error', { request_id: requestId, error: described(error) });
  return { code: 'internal', message: 'something went wrong on our side', requestId };
}

/** How many things that are wrong with one request are named: with all of a bad list the answer would fit no frame. */
const MAX_FIELD_ERRORS = 20;
/** A path is made of the client's own keys, which may be long. */
const MAX_PATH = 200;

/** Parses what a client sent; what is wrong is named by its path. */
export function parsed<S extends z.ZodType>(schema: S, sent: unknown): z.output<S> {
  const result = checked(schema, sent);
  if (result.success) return result.data;
  const errors = result.error.issues
    .slice(0, MAX_FIELD_ERRORS)
    .map(({ path, message }) => ({ path: path.join('.').slice(0, MAX_PATH), message }));
  const [first] = errors;
  const text =
    first === undefined
      ? 'the request is not valid'
      : first.path === '' || first.message.startsWith(first.path)
        ? first.message
        : `${first.path}: ${first.message}`;
  throw new ServiceError('validation_failed', text, { errors });
}

function checked<S extends z.ZodType>(schema: S, sent: unknown): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(sent);
  } catch (error) {
    // Nested deeper than the stack reaches: whoever sends that must not get an internal error for it.
    if (error instanceof RangeError) throw invalid('', 'the request is nested too deeply');
    throw error;
  }
}
