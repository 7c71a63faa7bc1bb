import { KIB, startedUnits } from '../units.ts';

/** What one item of a request costs; a query is one item. */
export interface Bill {
  readonly kind: string;
  readonly is: 'write' | 'read';
  readonly units: number;
}

/** Every item of a transaction is written twice: prepared, then committed. */
const TRANSACTION_FACTOR = 2;

/** A write of an item that is, or was, so many bytes long. */
export const write = (kind: string, bytes: number): Bill => ({ kind, is: 'write', units: startedUnits(bytes, KIB) });

/** A write within a transaction. */
export const transactedWrite = (kind: string, bytes: number): Bill => ({
  kind,
  is: 'write',
  units: TRANSACTION_FACTOR * startedUnits(bytes, KIB),
});

/** A read of an item of so many bytes; one that may be stale costs half. */
export const read = (kind: string, bytes: number, isConsistent: boolean): Bill => ({
  kind,
  is: 'read',
  units: startedUnits(bytes, 4 * KIB) * (isConsistent ? 1 : 0.5),
});
