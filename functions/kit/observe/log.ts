import { Logger } from '@aws-lambda-powertools/logger';
import { once } from '#domain/once.ts';
import { scrubbed } from './scrubbed.ts';
import { sourceFrames } from './source-frames.ts';

/** Logs what happened, and what it is about. */
type Line = (what: string, about?: Record<string, unknown>) => void;

/** The log of a function: one line of JSON for each outcome, with ids only and never a token, an SDP, a body or a query string. */
export const log: { readonly info: Line; readonly warn: Line; readonly error: Line } = {
  info: (what, about = {}) => own().info(what, { ...context, ...about }),
  warn: (what, about = {}) => own().warn(what, { ...context, ...about }),
  error: (what, about = {}) => own().error(what, { ...context, ...about }),
};

let context: Readonly<Record<string, unknown>> = {};

/** Says what all lines of this invocation are about, by ids only. A function has one invocation at a time. */
export const logAbout = (ids: Readonly<Record<string, unknown>>): void => {
  context = ids;
};

/** Made with the first line, since most starts of a function log nothing. */
const own = /* @__PURE__ */ once(() => new Logger({ serviceName: 'carillon' }));

/** What a log line says about an error: its name, its message without what it may quote, where it came from, and what caused it. */
export const described = (error: unknown): Record<string, unknown> =>
  error instanceof Error
    ? {
        name: error.name,
        message: messageOf(error),
        stack: framesOf(error),
        ...(error.cause !== undefined && { cause: described(error.cause) }),
      }
    : // What was thrown may be anything, even a body.
      { message: `a thrown ${typeof error}` };

/** A parser quotes the text that it cannot read, and that may be a body or a secret. */
const messageOf = ({ name, message }: Error): string =>
  name === 'SyntaxError' ? 'a text could not be parsed' : scrubbed(message);

/** The stack without its first lines, which repeat the message. */
const framesOf = ({ stack = '' }: Error): string =>
  sourceFrames(
    stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
  );
