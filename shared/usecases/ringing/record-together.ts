import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';

export interface RecordTogetherDeps {
  readonly pushLog: PushLog;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Records how the push to the device of this key was answered. */
export type RecordPush = (key: string, state: PushState) => Promise<PushRecord>;

/** FCM and APNs answer within this time of each other, as a rule; a stop that waits for the record waits no longer. */
const TOGETHER_MS = 250;

/** Records the answers to `count` pushes of a ring: those that come soon after the first of them in the same write. */
export function recordTogether({ pushLog, wait }: RecordTogetherDeps, ring: RingRef, count: number): RecordPush {
  let left = count;
  let together:
    | { readonly states: Map<string, PushState>; readonly full: () => void; readonly written: Promise<PushRecord> }
    | undefined;
  const open = () => {
    const states = new Map<string, PushState>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const written = Promise.race([promise, wait(TOGETHER_MS)]).then(() => {
      together = undefined;
      return pushLog.record(ring, Object.fromEntries(states));
    });
    return { states, full: resolve, written };
  };
  return (key, state) => {
    left -= 1;
    together ??= open();
    together.states.set(key, state);
    if (left === 0) together.full();
    return together.written;
  };
}
