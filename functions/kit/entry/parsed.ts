import type * as z from 'zod';
import { invalid, ServiceError } from '#domain/errors.ts';

/** The most field errors that one refusal names: all those of a bad list would not fit a frame. */
const MAX_FIELD_ERRORS = 20;
/** A path consists of the client's own keys, which may be long. */
const MAX_PATH = 200;

/** Parses what a client sent. A refusal names each wrong field by its path. */
export function parsed<S extends z.ZodType>(schema: S, sent: unknown): z.output<S> {
  const result = checked(schema, sent);
  if (result.success) return result.data;
  const errors = result.error.issues
    .map(({ path, message }) => ({ path: path.join('.').slice(0, MAX_PATH), message }))
    // What is wrong with a field twice is said once.
    .filter(({ path }, i, all) => all.findIndex((one) => one.path === path) === i)
    .slice(0, MAX_FIELD_ERRORS);
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
    // It is nested deeper than the stack reaches. That is the sender's error, not an internal one.
    if (error instanceof RangeError) throw invalid('', 'the request is nested too deeply');
    throw error;
  }
}
