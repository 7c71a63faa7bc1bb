import type { Queue } from './queue.ts';

/** An error that the API reports to the SDK, with its code. */
export class SqsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses a request with an error of the API. */
export function fail(code: string, message: string): never {
  throw new SqsError(code, message);
}

/** The queue with a URL. */
export function queueOf(queues: readonly Queue[], url: string): Queue {
  const found = queues.find(({ spec }) => spec.url === url);
  return found ?? fail('QueueDoesNotExist', `The specified queue does not exist: ${url}`);
}
