import type { Finding } from '#ports/checkup-store.ts';

const LABELS = { good: 'ok  ', note: 'note', fix: 'FIX ' } as const;

/** Makes findings about one thing. */
export const about = (thing: string) => ({
  good: (says: string): Finding => ({ state: 'good', about: thing, says }),
  note: (says: string): Finding => ({ state: 'note', about: thing, says }),
  fix: (says: string): Finding => ({ state: 'fix', about: thing, says }),
});

/** A finding as a line. */
export const findingLine = ({ state, about: thing, says }: Finding): string =>
  `${LABELS[state]}  ${thing.padEnd(32)}  ${says}`;
