import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';

/** What an authorizer throws for a 401: API Gateway answers 500 to an error with any other message. */
export class Unauthorized extends Error {
  constructor() {
    super('Unauthorized');
  }
}

/** Keeps what breaks a handler from the runtime, which would log all that an error carries: input, claims, answers. */
export const sealed =
  <Event, Result>(handle: (event: Event) => Promise<Result>) =>
  async (event: Event): Promise<Result> => {
    try {
      return await handle(event);
    } catch (error) {
      if (error instanceof Unauthorized) throw error;
      meter.record({ type: 'internal_error' });
      log.error('internal error', { error: described(error) });
      throw new Error('internal error');
    }
  };
