import type { EpochMs } from '#domain/time.ts';

/** The latest hosted call between each two people: once answered it holds no busy lock by which it could be found. */
export interface HostedPairs {
  /** The cid of the latest call between these two, unless it is over by now. */
  find(one: string, other: string): Promise<string | undefined>;
  /** Makes `cid` the latest one. From `expiresAt` it is over. */
  put(one: string, other: string, latest: { readonly cid: string; readonly expiresAt: EpochMs }): Promise<void>;
}
