import { randomBytes } from 'node:crypto';

/** A trace header for an invocation; `rounds` is how often its chain of functions and queues has already come round. */
export function traceHeader(rounds = 0): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${time}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0;Lineage=${rounds}:00000000:0`;
}

/** The rounds that the sender of a request had come through: the SDK puts its function's trace header on every call. */
export function roundsOf(trace: string | string[] | undefined): number {
  return Number(/Lineage=(\d+)/.exec(String(trace))?.[1] ?? 0);
}
