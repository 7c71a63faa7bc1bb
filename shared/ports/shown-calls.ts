import type { Shown, ShownOn } from '#domain/shown.ts';

/** Which call each phone shows, for clients that know one call at a time. */
export interface ShownCalls {
  /** The record of the phone of a connection, in a strongly consistent read. */
  find(on: Pick<ShownOn, 'id' | 'userId' | 'hardwareId'>): Promise<Shown | undefined>;
  /** The records of all phones of a user. */
  list(userId: string): Promise<readonly Shown[]>;
  /** Writes a record, unless it has been written since it was read: then false. */
  save(shown: Shown): Promise<boolean>;
}
