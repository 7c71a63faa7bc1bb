import type { Verdict } from '#client/wire.ts';

/** What became of the rings of a call, in one line also if there were a hundred of them. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const [first, ...others] = verdicts;
  if (!first) return 'nobody was rung';
  if (others.length === 0) return first.verdict;
  const count = (has: RegExp): number => verdicts.filter(({ verdict }) => has.test(verdict)).length;
  const parts = Object.entries({
    answered: count(/\banswered after\b/),
    declined: count(/\bdeclined after\b/),
    'rang without an answer': count(/^rang after \d+ ms(?!.*(answered|declined) after)/),
    'pushed, but silent': count(/no phone said/),
    'not rung': count(/^not rung\b/),
  }).filter(([, many]) => many > 0);
  return [`${verdicts.length} callees`, ...parts.map(([what, many]) => `${many} ${what}`)].join(', ');
}
