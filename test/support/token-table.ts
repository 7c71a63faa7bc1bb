import { readFileSync } from 'node:fs';

/** One cell of the table in `docs/tokens.md`: what happens if an action is tried with a `kind` of token. */
export interface Cell {
  readonly action: string;
  readonly over: string;
  readonly kind: string;
  /** `yes`, or the code of the refusal. */
  readonly outcome: string;
}

const MARK = '<!-- played by the tests: one word a cell -->';

/** The table in `docs/tokens.md` of who may do what; a row may name several actions. */
export function tokenTable(): Cell[] {
  const [, after = ''] = readFileSync('docs/tokens.md', 'utf8').split(MARK);
  const lines = (after.trim().split('\n\n')[0] ?? '').split('\n');
  const [header = [], , ...rows] = lines.map(wordsOf);
  const kinds = header.slice(2);
  if (kinds.length === 0 || rows.length === 0) throw new Error('docs/tokens.md has no table behind its mark');
  return rows.flatMap(([actions = '', over = '', ...outcomes]) =>
    actions
      .split(', ')
      .flatMap((action) => kinds.map((kind, i) => ({ action, over, kind, outcome: outcomes[i] ?? '' }))),
  );
}

const wordsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim());
