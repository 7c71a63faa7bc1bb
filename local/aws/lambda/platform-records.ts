/** An invocation that failed. */
export interface FailedInvocation {
  readonly requestId: string;
  /** Its handler threw, its process ended, or it took too long. */
  readonly status: 'error' | 'failure' | 'timeout';
  /** What it threw or how its process ended. Absent after a time-out. */
  readonly errorType?: string;
  readonly ms: number;
  readonly memoryMb: number;
}

/**
 * What Lambda itself logs about an invocation at the level WARN: nothing if it succeeded, else these lines. They lack the
 * memory that was used, and how many bytes were answered.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export function failureRecords({ ms, memoryMb, ...invocation }: FailedInvocation, now = new Date()): string[] {
  const durationMs = Math.round(ms * 1000) / 1000;
  const record = (type: string, metrics: object): string =>
    JSON.stringify({ time: now.toISOString(), type, record: { ...invocation, metrics } });
  return [
    record('platform.runtimeDone', { durationMs }),
    record('platform.report', { durationMs, billedDurationMs: Math.ceil(ms), memorySizeMB: memoryMb }),
  ];
}
