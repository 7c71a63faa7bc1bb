import type * as z from 'zod';
import type { ErrorCode } from '#domain/errors.ts';
import type { OperationId } from '#wire/rest/operations.ts';

/** What an operation answers when all is well. */
export interface Answer {
  readonly description: string;
  /** Without one the answer has no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

/** What the documents say of an operation beyond how it is called. */
export interface Described {
  readonly summary: string;
  readonly description?: string;
  /** Bodies to send, by a name that says what they do. */
  readonly examples?: Readonly<Record<string, object>>;
  /** Query parameters to send. */
  readonly query?: Readonly<Record<string, string>>;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Why it may be refused, beyond what is the same for all. */
  readonly codes?: readonly ErrorCode[];
}

/** A chapter of the API. */
export interface Chapter {
  readonly name: string;
  readonly description: string;
  readonly operations: Readonly<Partial<Record<OperationId, Described>>>;
}
