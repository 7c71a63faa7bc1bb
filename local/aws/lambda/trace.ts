import { randomBytes } from 'node:crypto';

/** A trace header for an invocation. `rounds` counts how often its chain of functions and queues has already gone round. */
export function traceHeader(rounds = 0): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${time}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0;Lineage=${rounds}:00000000:0`;
}

/** The rounds before a request. The SDK adds the trace header of its function to every call. */
export function roundsOf(trace: string | string[] | undefined): number {
  return Number(/Lineage=(\d+)/.exec(String(trace))?.[1] ?? 0);
}
