import type { Call } from '#domain/call/call.ts';

/** A stretch of a user's calls. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** Where the next stretch starts, where there may be older ones. */
  readonly next?: string;
}

/** One call of a user, and where it stands in their history. */
export interface HistoryEntry {
  readonly cid: string;
  /** Names the place: a page may start after it. */
  readonly cursor: string;
}

/** Whose call it was: what a list of calls, and a phone that wakes too late, start from. */
export interface HistoryStore {
  /** Points `userIds` to the call. */
  add(call: Call, userIds: readonly string[]): Promise<void>;
  /** At most `limit` calls of a user, newest first, from the newest or after the place `after`. */
  list(userId: string, limit: number, after?: string): Promise<HistoryPage>;
}
