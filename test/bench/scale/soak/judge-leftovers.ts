import type { Finding } from './finding.ts';
import type { Leftovers } from './leftovers.ts';

/** Judges a soak by its failures and by what it has left behind. */
export function judgeLeftovers(failures: readonly string[], left: Leftovers): Finding[] {
  const messages = Object.entries(left.messages).filter(([, many]) => many > 0);
  const waiting = messages.map(([name, many]) => `${name} ${many}`);
  return [
    nothing('calls that went wrong', failures.length, failures),
    nothing(`rows without an end, of ${left.rows}`, left.immortal.length, left.immortal),
    nothing('connections of those who have gone', left.connections),
    nothing('users who are still busy', left.busyLocks),
    nothing('messages in queues, dead letters among them', messages.length, waiting),
  ];
}

const MOST_EXAMPLES = 5;

const nothing = (what: string, many: number, examples: readonly string[] = []): Finding => ({
  what: `no ${what}`,
  isGood: many === 0,
  seen: [String(many), ...examples.slice(0, MOST_EXAMPLES)].join(': '),
});
