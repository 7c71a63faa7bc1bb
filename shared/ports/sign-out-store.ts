import type { EpochMs } from '#domain/time.ts';

/** Since when the tokens of users are good. */
export interface SignOutStore {
  /** Has all tokens of a user refused that were issued before `at`. */
  record(userId: string, at: EpochMs): Promise<void>;
  /** Before when tokens of a user are refused, if there is such a moment. It may be a few seconds behind. */
  find(userId: string): Promise<EpochMs | undefined>;
  /** The same, as it is now. */
  findNow(userId: string): Promise<EpochMs | undefined>;
  /** Deletes all rows of a user except that moment, their connections and their push tokens. */
  erase(userId: string): Promise<void>;
}
