import { described, log } from './log.ts';
import { meter } from './meter.ts';

/** Reports a row of the table that could not be read and was left out, by its key: keys hold ids only. */
export function reportUnreadable({ pk, sk }: { readonly pk: string; readonly sk: string }, error: unknown): void {
  log.error('a row of the table is unreadable', { pk, sk, error: described(error) });
  meter.record({ type: 'row_unreadable', row: sk.split('#', 1)[0] ?? sk });
}
