import { readFile, writeFile } from 'node:fs/promises';
import { readOptions, USAGE } from './options.ts';
import { writePart } from './page.ts';
import { partsOf } from './parts.ts';
import { explain, UsageError } from './usage-error.ts';

// Measures one part after the other, prints the tables, writes the results and the parts of the page.

const RESULTS = 'bench-results.json';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(`${USAGE}\n`);
  const { only, profile, writesPage } = options;
  const parts = partsOf(profile);
  const unknown = only?.find((name) => !parts.some(({ key }) => key === name));
  if (unknown !== undefined)
    throw new UsageError(`there is no part ${unknown}: ${parts.map(({ key }) => key).join(', ')}`);
  for (const { key, measure } of parts.filter((part) => only?.includes(part.key) ?? true)) {
    const { results, table, section } = await measure(options);
    process.stdout.write(`${table}\n\n`);
    await addResults(results);
    if (writesPage) await writePart(`bench:${profile === undefined ? key : `${profile}-${key}`}`, section);
  }
}

/** Keeps the results of parts that were not measured now. */
async function addResults(results: object): Promise<void> {
  const before: object = await readFile(RESULTS, 'utf8').then(JSON.parse, () => ({}));
  await writeFile(RESULTS, `${JSON.stringify({ ...before, ...results }, undefined, 2)}\n`);
}

await main().catch(explain);
