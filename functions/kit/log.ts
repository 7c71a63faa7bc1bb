import { Logger } from '@aws-lambda-powertools/logger';

/** The log of a function: one line of JSON an outcome, with ids only; never a token, an SDP, a body or a query string. */
export const log = new Logger({ serviceName: 'carillon' });

/** What a log line says of an error: its name and message, and those of what caused it. */
export const described = (error: unknown): Record<string, unknown> =>
  error instanceof Error
    ? {
        name: error.name,
        message: error.message,
        stack: error.stack,
        ...(error.cause !== undefined && { cause: described(error.cause) }),
      }
    : { message: String(error) };
