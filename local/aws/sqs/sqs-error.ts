import type { Queue } from './queue.ts';

/** An error that the SDK shall see, by its name in the API. */
export class SqsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses a request. */
export function fail(code: string, message: string): never {
  throw new SqsError(code, message);
}

/** The queue at a url. */
export function queueOf(queues: readonly Queue[], url: string): Queue {
  const found = queues.find(({ spec }) => spec.url === url);
  return found ?? fail('QueueDoesNotExist', `The specified queue does not exist: ${url}`);
}
