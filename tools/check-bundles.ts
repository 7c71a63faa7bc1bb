import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '#infra/constructs/bundle.ts';
import { type Contents, contentsOf } from './bundles/contents.ts';

/** Holds each function's bundle to its budget, in kB (1000 bytes): every start of a function loads all of it. */

const BUDGETS = 'tools/bundles/budgets.json';

/** A budget further above its bundle than that, in kB, would let the next growth pass unseen. */
const MOST_ROOM = 10;

/** How many packages are named of a bundle that has grown. */
const NAMED = 12;

const budgets: Readonly<Record<string, number>> = JSON.parse(readFileSync(BUDGETS, 'utf8'));

function check(entry: string, budget: number, outfile: string): void {
  const contents = contentsOf(bundle(entry, outfile));
  const size = contents.bytes / 1000;
  if (size > budget) {
    complain(`${entry} is ${size.toFixed(1)} kB, its budget is ${budget} kB. What is in it:\n${largest(contents)}`);
  } else if (size < budget - MOST_ROOM) {
    complain(`${entry} is ${size.toFixed(1)} kB: lower its budget in ${BUDGETS} from ${budget} to ${Math.ceil(size)}`);
  }
}

const largest = ({ parts }: Contents): string =>
  parts
    .slice(0, NAMED)
    .map(({ name, bytes, via }) => `  ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${name}${way(via)}`)
    .join('\n');

/** The first stop is the entry. */
const way = (via: Contents['parts'][number]['via']): string =>
  via.length > 0 ? ` by ${via.slice(1, -1).join(' → ')}` : '';

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

const scratch = mkdtempSync(join(tmpdir(), 'carillon-bundles-'));
for (const [entry, budget] of Object.entries(budgets)) check(entry, budget, join(scratch, 'index.mjs'));
rmSync(scratch, { recursive: true });
