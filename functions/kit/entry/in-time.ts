/** How long before Lambda ends an invocation its handler stops: enough to answer and to post an error frame. */
export const MARGIN_MS = 500;

/** The invocation is nearly over and its work is not done. */
export class OutOfTime extends Error {
  constructor() {
    super('the work took longer than its invocation may');
    this.name = 'OutOfTime';
  }
}

/** What `work` comes to, unless `signal` is aborted first. The work itself cannot be stopped; whoever runs it no longer waits. */
export const inTime = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new OutOfTime()), { once: true });
    }),
  ]);
