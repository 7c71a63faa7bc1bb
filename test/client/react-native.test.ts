import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = 'examples/react-native';
const LOCK = `${FOLDER}/package-lock.json`;
/** A copy of the lock that the installed packages belong to. */
const INSTALLED = `${FOLDER}/node_modules/.installed-lock.json`;

/** The packages that an app has, without React Native itself and without their native parts: for their types alone. */
function installTypes(): void {
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === readFileSync(LOCK, 'utf8')) return;
  execFileSync('npm', ['ci', '--prefix', FOLDER, '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']);
  copyFileSync(LOCK, INSTALLED);
}

describe('the example for React Native', () => {
  it('fits the types of the packages that it uses', () => {
    installTypes();
    execFileSync('npm', ['run', '--silent', '--workspace', 'client', 'prepare']);
    const compile = (): string => execFileSync('tsc', ['--project', FOLDER], { encoding: 'utf8' });
    expect(compile()).toBe('');
  });
});
