import { spawnSync } from 'node:child_process';
import { MUTANTS } from './mutants.ts';

// Breaks one rule after the other and says which test notices first. It fails if one goes unnoticed.

const wanted = process.argv.slice(2);
let survivors = 0;
for (const { name } of MUTANTS.filter((mutant) => wanted.length === 0 || wanted.includes(mutant.name))) {
  const env = { ...process.env, MUTANT: name, MODEL_TABLE: 'memory', MODEL_SHRINK: 'no', NO_COLOR: '1' };
  const args = ['run', '--config', 'test/model/mutants.config.ts', '--root', '.', '--reporter', 'json', '--bail', '1'];
  const { stdout, stderr } = spawnSync('vitest', args, {
    env: { MODEL_RUNS: '3000', ...env },
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"numTotal')));
  const failed: { title: string; failureMessages: string[] }[] = report.testResults.flatMap(
    (file: { assertionResults: { status: string }[] }) =>
      file.assertionResults.filter(({ status }) => status === 'failed'),
  );
  const broken = report.testResults.some((file: { message: string }) => file.message.includes('no longer has'));
  if (broken || (failed.length === 0 && !report.success))
    throw new Error(`${name}: ${stderr}${report.testResults[0]?.message}`);
  if (failed.length === 0) survivors += 1;
  const titles = failed.map(({ title }) => title);
  const random = failed.find(({ title }) => title.includes('random moves'))?.failureMessages[0] ?? '';
  const why = /^(?:Assertion)?Error: (?!MODEL_SEED)(.{0,160})/mu.exec(random)?.[1] ?? '';
  const caught = failed.length === 0 ? 'SURVIVES' : titles.slice(0, 3).join('; ');
  process.stdout.write(
    `${name}: ${caught}${titles.length > 3 ? ` and ${titles.length - 3} more` : ''}${why && ` (${why})`}\n`,
  );
}
process.exitCode = survivors > 0 ? 1 : 0;
