import type { Call } from '#domain/call.ts';

/** Whose call it was: what a list of calls, and a phone that wakes too late, start from. */
export interface HistoryStore {
  /** Points `userIds` to the call. */
  add(call: Call, userIds: readonly string[]): Promise<void>;
}
