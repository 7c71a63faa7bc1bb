import type { UnauthenticatedReason } from '#domain/identity.ts';
import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';
import type { Middleware } from './entry-point.ts';

const name = 'seal';

/** What an authorizer throws for a 401: API Gateway answers 500 to an error with any other message. */
export class Unauthorized extends Error {
  /** Both written out, since Lambda logs them and the bundle shortens names of classes. */
  static override readonly name = 'Unauthorized';
  override readonly name = 'Unauthorized';
  readonly reason: UnauthenticatedReason;

  constructor(reason: UnauthenticatedReason) {
    super('Unauthorized');
    this.reason = reason;
    // Lambda logs whatever an authorizer throws as an error with its stack, and this is nobody's fault.
    this.stack = this.message;
  }
}

export interface SealOptions<Event> {
  /** The answer to an event that failed. @default none: the invocation fails with a fixed text */
  readonly answer?: (error: unknown, event: Event) => unknown;
}

/** Keeps errors from the runtime, which would log everything in them: input, claims, answers. */
export const seal = <Event>({ answer }: SealOptions<Event> = {}): Middleware<Event> => ({
  name,
  async onError(request) {
    if (request.error instanceof Unauthorized) return;
    if (answer) {
      try {
        request.response = await answer(request.error, request.event);
        return;
      } catch (failure) {
        meter.record({ type: 'internal_error' });
        log.error('internal error', { error: described(failure) });
      }
    } else {
      log.error('internal error', { error: described(request.error) });
    }
    // Not thrown: middy would attach the original to an error that this throws.
    request.error = new Error('internal error');
  },
});
