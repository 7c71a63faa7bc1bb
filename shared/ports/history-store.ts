import type { Call } from '#domain/call/call.ts';

/** One page of a user's calls. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** The cursor of the next page, if there may be older calls. */
  readonly next?: string;
}

/** One call of a user and its position in their history. */
export interface HistoryEntry {
  readonly cid: string;
  /** A page may start after it. */
  readonly cursor: string;
}

/** Which calls a user had. Lists of calls start from it, and so does a phone that wakes too late. */
export interface HistoryStore {
  /** Adds the call to the history of each of its members `userIds`; of those who must not know of it, where only operators look. */
  add(call: Call, userIds: readonly string[]): Promise<void>;
  /** At most `limit` calls of a user, newest first, from the newest one or after the cursor `after`. */
  list(userId: string, limit: number, after?: string): Promise<HistoryPage>;
}
