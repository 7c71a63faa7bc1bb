import type { Shown, ShownOn } from '#domain/shown.ts';

/** A connection, as one that is told of a call. */
export interface SaidTo {
  readonly cid: string;
  readonly connectionId: string;
}

/** Which call each phone shows, for clients that know one call at a time; and what connections were told once. */
export interface ShownCalls {
  /** The record of the phone of a connection, in a strongly consistent read. */
  find(on: Pick<ShownOn, 'id' | 'userId' | 'hardwareId' | 'sessionId'>): Promise<Shown | undefined>;
  /** The records of all phones of a user. */
  list(userId: string): Promise<readonly Shown[]>;
  /** Notes that a connection is told these of a call, candidates or its end. What comes back are those that it has not been told. */
  claimSaid(of: SaidTo, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether a connection has been told that of a call, in a strongly consistent read. */
  wasSaid(of: SaidTo, id: string): Promise<boolean>;
  /** They did not leave. */
  unclaimSaid(of: SaidTo, ids: readonly string[]): Promise<void>;
  /** Writes a record, unless it has been written since it was read: then false. */
  save(shown: Shown): Promise<boolean>;
}
