import type { Call, Handset } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';

/** The calls, each in one item. */
export interface CallStore {
  /** The call as last written, read strongly consistent. */
  find(cid: string): Promise<Call | undefined>;
  /** Several at once, in no order; those that do not exist are left out. */
  findAll(cids: readonly string[]): Promise<Call[]>;
  /** Writes a new call; where its cid is taken, the call that has it. */
  create(call: Call): Promise<{ readonly kind: 'created' } | { readonly kind: 'exists'; readonly call: Call }>;
  /**
   * Writes a change if what it was decided on still holds: the call's status and the state and ring of the members that
   * it touches, or the version where it rests on more. Otherwise nothing is written and the call as it is now comes back.
   */
  apply(
    change: Change,
  ): Promise<
    { readonly kind: 'saved'; readonly call: Call } | { readonly kind: 'conflict'; readonly call: Call | undefined }
  >;
  /** Moves the answering handset of a member to a new connection; nothing where `from` no longer is the handset that answered. No new version. */
  moveHandset(cid: string, userId: string, from: Handset, to: Handset): Promise<void>;
}
