import type { EpochMs } from '#domain/time.ts';
import type { HistoryEntry } from './history-store.ts';

/** A span of time, and whose calls in it; without a user those of the whole stage. */
export interface CallIndexQuery {
  readonly userId?: string | undefined;
  /** The first moment of it. */
  readonly from: EpochMs;
  /** The first moment after it. */
  readonly to: EpochMs;
  /** Only what is older than this place, which is the cursor of an entry or a page. */
  readonly after?: string | undefined;
}

/** Some of the calls that a query asks for. */
export interface CallIndexPage {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** The cursor of the next page, if there are more calls. */
  readonly next?: string;
}

/** Which calls there were, for whoever operates the stage. It may lag a second behind. */
export interface CallIndex {
  /** At most `limit` calls. A page may be empty although others follow. */
  page(query: CallIndexQuery, limit: number): Promise<CallIndexPage>;
}
