import { readFileSync } from 'node:fs';

/** An answer of a push service, as `docs/push-outcomes.md` has it. */
export interface PushAnswer {
  /** The chapter that it is in: `APNs`, `FCM` or `Web Push`. */
  readonly service: string;
  readonly status: number;
  readonly reason?: string;
  readonly verdict: string;
}

/** All answers in the tables of `docs/push-outcomes.md`; those of one table by status and reason. */
export const pushAnswers = (): PushAnswer[] =>
  readFileSync('docs/push-outcomes.md', 'utf8')
    .split(/^## /m)
    .flatMap((chapter) => {
      const [service = '', ...blocks] = chapter.split('\n\n');
      return blocks.flatMap((table) => answersIn(table, service).toSorted(byStatus));
    });

const byStatus = (one: PushAnswer, other: PushAnswer): number =>
  one.status - other.status || (one.reason ?? '').localeCompare(other.reason ?? '');

/** A row names a verdict and the answers that lead to it. */
const answersIn = (table: string, service: string): PushAnswer[] =>
  [...table.matchAll(/^\| (\w+) +\| (\d{3}.*?) *\|$/gm)].flatMap(([, verdict = '', answers = '']) =>
    answers.split(', ').map((answer) => {
      const [status, reason] = answer.replaceAll('`', '').split(' ');
      return { service, status: Number(status), ...(reason !== undefined && { reason }), verdict };
    }),
  );
