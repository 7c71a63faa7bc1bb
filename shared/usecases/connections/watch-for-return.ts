import type { Call } from '#domain/call/call.ts';
import { type Clock, later } from '#domain/time.ts';
import type { Queue, TimerJob } from '#ports/queues.ts';

export interface WatchDeps {
  readonly timers: Queue<TimerJob>;
  readonly clock: Clock;
  /** How long a member of a call may be without a connection before they have left. */
  readonly vanishGraceMs: number;
}

/** Whose connection turned out to be gone has a while to come back: `$disconnect` may never tell. */
export async function watchForReturn(
  { timers, clock, vanishGraceMs }: WatchDeps,
  { cid, status }: Pick<Call, 'cid' | 'status'>,
  userId: string,
): Promise<void> {
  if (status === 'ended') return;
  await timers.send([{ type: 'vanish', cid, userId, at: later(clock(), vanishGraceMs) }], vanishGraceMs);
}
