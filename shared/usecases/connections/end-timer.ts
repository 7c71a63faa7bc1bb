import type { Call } from '#domain/call/call.ts';
import { type Clock, HOUR_MS } from '#domain/time.ts';
import type { Queue, TimerJob } from '#ports/queues.ts';

/**
 * A WebSocket lives two hours, so whoever talks for longer opens another one. A timer that is set at the last of them
 * alone is a chain of at most eight delayed messages: far fewer than Lambda takes for an endless loop.
 */
const SOCKET_LIFE_MS = 2 * HOUR_MS;

/** Sets the timer that ends a call which has lasted as long as a call may, where that is due within the life of a socket. */
export const setEndTimer = async (
  { timers, clock }: { readonly timers: Queue<TimerJob>; readonly clock: Clock },
  { cid, endsAt }: Call,
): Promise<void> => {
  const left = endsAt - clock();
  if (left <= SOCKET_LIFE_MS) await timers.send([{ type: 'deadline', cid, at: endsAt }], left);
};
