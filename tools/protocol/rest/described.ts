import type * as z from 'zod';
import type { ErrorCode } from '#domain/errors.ts';
import type { OperationId } from '#wire/rest/operations.ts';

/** What an operation answers when it succeeds. */
export interface Answer {
  readonly description: string;
  /** Absent if the answer has no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

/** The answers of an operation that answers only 200. */
export const ok = (description: string, schema: z.ZodType, example: object) => ({
  200: { description, schema, example },
});

/** What the documents say about an operation, besides how to call it. */
export interface Described {
  readonly summary: string;
  readonly description?: string;
  /** Example bodies, by a name that says what they do. */
  readonly examples?: Readonly<Record<string, object>>;
  /** Example parameters of the path. @default those of the call in the examples */
  readonly path?: Readonly<Record<string, string>>;
  /** Example query parameters. */
  readonly query?: Readonly<Record<string, string>>;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The codes that may refuse it, besides those that may refuse any operation of its kind. */
  readonly codes?: readonly ErrorCode[];
}

/** A chapter of the API. */
export interface Chapter {
  readonly name: string;
  readonly description: string;
  readonly operations: Readonly<Partial<Record<OperationId, Described>>>;
}
