import type { Call, Handset } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';

/** The calls, one item each. */
export interface CallStore {
  /** The call as last written, in a strongly consistent read. */
  find(cid: string): Promise<Call | undefined>;
  /** Several calls in one request, in no order. Those that do not exist or cannot be read are left out. */
  findAll(cids: readonly string[]): Promise<Call[]>;
  /** Writes a new call, or returns the call that already has its cid. */
  create(call: Call): Promise<{ readonly kind: 'created' } | { readonly kind: 'exists'; readonly call: Call }>;
  /**
   * Writes a change if what it was decided on still holds: the call's status and the state and ring of the members that
   * it touches, or the version if the decision rests on more. Otherwise it writes nothing and returns the present call.
   */
  apply(
    change: Change,
  ): Promise<
    { readonly kind: 'saved'; readonly call: Call } | { readonly kind: 'conflict'; readonly call: Call | undefined }
  >;
  /** Gives a member another handset, unless `from` is no longer the one that takes part: then false. The version stays. */
  moveHandset(move: HandsetMove): Promise<boolean>;
}

/** A member who goes on with a call by another handset, or by another connection of the same one. */
export interface HandsetMove {
  readonly cid: string;
  readonly userId: string;
  /** Absent if nobody knows by which handset they take part. */
  readonly from: Handset | undefined;
  readonly to: Handset;
}
