import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';

// Installs the packages that the benches compare Carillon with. They have a folder and a lock of their own: nothing else
// needs them, and `npm ci` would be slower by almost 300 packages.

const FOLDER = 'test/bench/rivals';
const LOCK = `${FOLDER}/package-lock.json`;
/** A copy of the lock that the installed packages belong to. */
const INSTALLED = `${FOLDER}/node_modules/.installed-lock.json`;

if (!existsSync(INSTALLED) || readFileSync(INSTALLED, 'utf8') !== readFileSync(LOCK, 'utf8')) {
  process.stderr.write('Installing the packages that the bench compares with …\n');
  const { status } = spawnSync('npm', ['ci', '--prefix', FOLDER], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  copyFileSync(LOCK, INSTALLED);
}
