import { KIB, startedUnits } from '../units.ts';

/** The cost of one item of a request. A query counts as one item. */
export interface Bill {
  readonly kind: string;
  readonly is: 'write' | 'read';
  readonly units: number;
}

/** A transaction writes every item twice: to prepare and to commit. */
const TRANSACTION_FACTOR = 2;

/** A write of an item that has, or had, this many bytes. */
export const write = (kind: string, bytes: number): Bill => ({ kind, is: 'write', units: startedUnits(bytes, KIB) });

/** A write within a transaction. */
export const transactedWrite = (kind: string, bytes: number): Bill => ({
  kind,
  is: 'write',
  units: TRANSACTION_FACTOR * startedUnits(bytes, KIB),
});

/** A read of an item of this many bytes. An eventually consistent read costs half. */
export const read = (kind: string, bytes: number, isConsistent: boolean): Bill => ({
  kind,
  is: 'read',
  units: startedUnits(bytes, 4 * KIB) * (isConsistent ? 1 : 0.5),
});
