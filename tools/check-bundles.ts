import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '#infra/constructs/bundle.ts';
import { type Contents, contentsOf } from './bundles/contents.ts';

/** Checks that each function's bundle is within its budget, in kB (1000 bytes): a function loads all of it at every cold start. */

const BUDGETS = 'tools/bundles/budgets.json';

/** How far a budget may be above its bundle, in kB. With more room, growth would go unnoticed. */
const MAX_ROOM = 10;

/** How many packages to list if a bundle has grown too large. */
const LISTED = 12;

const budgets: Readonly<Record<string, number>> = JSON.parse(readFileSync(BUDGETS, 'utf8'));

function check(entry: string, budget: number, outfile: string): void {
  const contents = contentsOf(bundle(entry, outfile));
  const size = contents.bytes / 1000;
  if (size > budget) {
    complain(
      `${entry} is ${size.toFixed(1)} kB, over its budget of ${budget} kB. The largest parts:\n${largest(contents)}`,
    );
  } else if (size < budget - MAX_ROOM) {
    complain(`${entry} is ${size.toFixed(1)} kB: lower its budget in ${BUDGETS} from ${budget} to ${Math.ceil(size)}`);
  }
}

const largest = ({ parts }: Contents): string =>
  parts
    .slice(0, LISTED)
    .map(({ name, bytes, via }) => `  ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${name}${chain(via)}`)
    .join('\n');

/** The chain without its ends, which are the entry and the package itself. */
const chain = (via: Contents['parts'][number]['via']): string =>
  via.length > 0 ? ` through ${via.slice(1, -1).join(' → ')}` : '';

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

const scratch = mkdtempSync(join(tmpdir(), 'carillon-bundles-'));
for (const [entry, budget] of Object.entries(budgets)) check(entry, budget, join(scratch, 'index.mjs'));
rmSync(scratch, { recursive: true });
