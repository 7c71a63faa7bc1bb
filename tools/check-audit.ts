import { spawnSync } from 'node:child_process';
import { z } from 'zod';

/** Checks by `npm run audit` that nothing that is deployed has a known vulnerability. Not every registry can be asked: then nothing was checked, and that is said. */

const report = z.object({ vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })) });
const fault = z.object({ message: z.string() });

const { status, stdout } = spawnSync(
  'npm',
  ['run', '-s', 'audit', '--', '--json', '--fetch-retries=0', '--fetch-timeout=20000'],
  { encoding: 'utf8' },
);
const answer: unknown = JSON.parse(stdout.trim() || '{}');
const { data: found } = report.safeParse(answer);
if (!found) {
  const { message } = fault.catch({ message: 'it gave no answer' }).parse(answer);
  process.stdout.write(`The registry could not be asked for known vulnerabilities: ${message}\n`);
} else if (status !== 0) {
  for (const [name, { severity }] of Object.entries(found.vulnerabilities)) {
    process.stderr.write(
      `package-lock.json: ${name} has a known vulnerability (${severity}); \`npm run audit\` says more\n`,
    );
  }
  process.exitCode = 1;
}
