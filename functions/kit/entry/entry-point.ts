import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { MARGIN_MS } from './in-time.ts';

/** What Lambda calls with each event. Tests may leave out the context. */
export type EntryPoint<Event, Result> = (event: Event, context?: Partial<Context>) => Promise<Result>;

/** A step around the handler: `before` runs in the order of the list, `after` and `onError` in reverse. */
export type Middleware<Event = unknown> = MiddlewareObj<Event, unknown>;

export interface EntryPointOptions<Event> {
  /**
   * Builds what the handler works with while Lambda initialises the function, when it lends it more of a processor than
   * its memory size buys. If that fails, nothing is lost: the first event builds it again and reports the error.
   */
  readonly early?: () => unknown;
  readonly use: readonly Middleware<Event>[];
}

/** A handler with the middlewares that its trigger needs. `signal` is aborted shortly before Lambda ends the invocation. */
export function entryPoint<Event, Result>(
  handle: (event: Event, signal: AbortSignal) => Promise<unknown>,
  { early = () => undefined, use }: EntryPointOptions<Event>,
): EntryPoint<Event, Result> {
  const handler = middy<Event>(
    (event: Event, _: unknown, { signal }: { signal: AbortSignal }) => handle(event, signal),
    {
      beforePrefetch: () => attempt(early),
      timeoutEarlyInMillis: MARGIN_MS,
      // The handler answers by itself once its signal is aborted: for a batch, with what is done so far.
      timeoutEarlyResponse: () => new Promise(() => undefined),
    },
  );
  for (const middleware of use) handler.use(middleware);
  return (event, context = {}) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of a context may be absent: middy and the log check
    handler(event, context as Context);
}

function attempt(build: () => unknown): void {
  try {
    build();
  } catch {
    // A function that is not configured cannot be built, and reports that with its first event.
  }
}
