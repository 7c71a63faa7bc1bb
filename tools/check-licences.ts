import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Checks the licences of all packages that are deployed or that apps install, as the lockfile names them. */

/** Licences under which they may be passed on without more than a notice. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Licences of packages that name theirs in a way that the lockfile does not take over: as a list, `licenses`. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = { limiter: 'MIT' };

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), link: z.boolean().optional(), license: z.string().optional() }),
  ),
});

/** Whether a licence expression gives the choice of one that is allowed. */
const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one.trim())));

const { packages } = lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
for (const [path, { dev = false, link = false, license: named }] of Object.entries(packages)) {
  const license = named ?? NAMED_OTHERWISE[path.replace(/.*node_modules\//, '')] ?? 'none';
  if (dev || link || !path.includes('node_modules/') || isAllowed(license)) continue;
  process.stderr.write(
    `package-lock.json: ${path} has the licence ${license}, which tools/check-licences.ts does not allow\n`,
  );
  process.exitCode = 1;
}
