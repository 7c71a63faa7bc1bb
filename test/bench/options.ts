import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

export const USAGE = `npm run bench [-- options]

Starts the local stack and measures it from another process. Prints tables and writes bench-results.json; a run with no
options takes some twenty minutes and also writes its parts of docs/benchmarks.md.

  --only <part>       only this part; may be repeated: latency, dialects, billed,
                      cold-start, sdk, scale, events, client
  --profile aws       services answer as late as AWS's, and functions have the processor
                      shares of their memory; the parts are then latency, memory
  --calls <n>         calls of each kind, for latencies; default 500, at least 1
  --page              writes the parts of the page after a run with other options, too
  --help              this text`;

/** What to measure. */
export interface Options {
  readonly only: readonly string[] | undefined;
  readonly profile: 'aws' | undefined;
  readonly calls: number;
  /** Whether the page shows the results of this run. */
  readonly writesPage: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const many = { type: 'string', multiple: true } as const;

/** Reads the value of an option that is a count. */
export function atLeastOne(option: string, value: string): number {
  const number = Number(value);
  if (!(number >= 1)) throw new UsageError(`${option} must be a number of at least 1, not ${value}`);
  return number;
}

/** Reads the command line; `undefined` if it asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { only: many, profile: text, calls: text, page: flag, help: flag },
  });
  if (values.help === true) return undefined;
  const { only, profile, calls = '500', page = false } = values;
  if (profile !== undefined && profile !== 'aws') throw new UsageError(`there is no profile ${profile}: aws`);
  return { only, profile, calls: atLeastOne('--calls', calls), writesPage: args.length === 0 || page };
}
