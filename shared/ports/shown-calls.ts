import type { Shown, ShownOn } from '#domain/shown.ts';

/** A connection, as one that is told of a call. */
export interface SaidTo {
  readonly cid: string;
  readonly connectionId: string;
}

/** Which call each phone shows, for clients that know one call at a time. */
export interface ShownCalls {
  /** The record of the phone of a connection, in a strongly consistent read. */
  find(on: Pick<ShownOn, 'id' | 'userId' | 'hardwareId' | 'sessionId'>): Promise<Shown | undefined>;
  /** The records of all phones of a user. */
  list(userId: string): Promise<readonly Shown[]>;
  /** Notes that a connection is told these candidates of a call. What comes back are those that it has not been told. */
  claimSaid(of: SaidTo, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** They did not leave. */
  unclaimSaid(of: SaidTo, ids: readonly string[]): Promise<void>;
  /** Writes a record, unless it has been written since it was read: then false. */
  save(shown: Shown): Promise<boolean>;
}
