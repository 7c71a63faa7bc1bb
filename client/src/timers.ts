/** Calls `then` after `ms`, unless the function that comes back is called first. Does not keep a process alive. */
export function later(ms: number, then: () => void): () => void {
  const timer: unknown = setTimeout(then, ms);
  if (hasUnref(timer)) timer.unref();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]); // oxlint-disable-line typescript/no-unsafe-type-assertion -- what setTimeout returns differs between runtimes
}

/** The same, for something that the app waits for: in Node the process lives on until then. */
export function soon(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}

/** Node's timers can let go of their process. */
const hasUnref = (timer: unknown): timer is { unref(): void } =>
  typeof timer === 'object' && timer !== null && 'unref' in timer;
