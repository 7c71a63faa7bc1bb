import { parseArgs } from 'node:util';
import { atLeastOne } from '../../options.ts';

export const USAGE = `npm run bench:soak [-- options]

Lets people call each other for a while, in every way in which a call may end, and then looks for what should not be
there: memory that has grown, rows that nothing will remove, messages that nobody has deleted. Exits 1 where it finds any.

  --minutes <n>       default 15; one is enough to see that it works
  --rate <n>          calls a second; default 2
  --help              this text`;

/** How to soak. */
export interface SoakOptions {
  readonly minutes: number;
  /** Calls a second. */
  readonly rate: number;
}

const text = { type: 'string' } as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readSoakOptions(args: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: { minutes: text, rate: text, help: { type: 'boolean' } } });
  if (values.help === true) return undefined;
  const { minutes = '15', rate = '2' } = values;
  return { minutes: atLeastOne('--minutes', minutes), rate: atLeastOne('--rate', rate) };
}
