import type { Call } from '#domain/call/call.ts';
import { type Clock, later, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';

export interface AwaitCallDeps {
  readonly calls: CallStore;
  readonly clock: Clock;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** The function that writes the call may have to start first. */
const PATIENCE_MS = 4 * SECOND_MS;
const FIRST_LOOK_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Waits for a call that does not exist yet. API Gateway runs the frames of one connection side by side, so what follows a
 * ring may be there before its call is. Nothing comes back if nobody makes the call.
 */
export const awaitCall =
  ({ calls, clock, wait }: AwaitCallDeps) =>
  async (cid: string): Promise<Call | undefined> => {
    const until = later(clock(), PATIENCE_MS);
    for (let pause = FIRST_LOOK_MS; clock() < until; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await wait(pause);
      const call = await calls.find(cid);
      if (call) return call;
    }
    return undefined;
  };
