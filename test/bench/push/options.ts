import { parseArgs } from 'node:util';
import { atLeastOne } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { TRACES } from './traces.ts';

export const USAGE = `npm run bench:push [-- options]

Plays traces of faults to Carillon's ring function and to the libraries that others push with, against the fakes of FCM
and APNs. A run with no options takes eight minutes and writes its part of docs/benchmarks.md.

  --rings <n>         rings a trace; default 1000
  --rate <n>          rings a second; default 125
  --seed <n>          default 1
  --trace <name>      only this trace; may be repeated
  --sender <name>     only this sender; may be repeated
  --page              writes that part after a run with other options, too
  --help              this text`;

/** What to play. */
export interface Options {
  readonly rings: number;
  readonly rate: number;
  readonly seed: number;
  readonly traces: readonly string[] | undefined;
  readonly senders: readonly string[] | undefined;
  /** Whether the page shows the results of this run. */
  readonly writesPage: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const many = { type: 'string', multiple: true } as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { rings: text, rate: text, seed: text, trace: many, sender: many, page: flag, help: flag },
  });
  if (values.help === true) return undefined;
  const { rings = '1000', rate = '125', seed = '1', trace: traces, sender: senders } = values;
  const known = TRACES.map(({ name }) => name);
  const unknown = traces?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no trace ${unknown}: ${known.join(', ')}`);
  const writesPage = args.length === 0 || values.page === true;
  const counts = { rings: atLeastOne('--rings', rings), rate: atLeastOne('--rate', rate) };
  return { ...counts, seed: Number(seed), traces, senders, writesPage };
}
