import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

const { packages } = read('package-lock.json');
const runtimeClient = packages['node_modules/aws-lambda-ric'];

/** npm 10 runs the scripts of every package that the lockfile says has some; later ones also ask `allowScripts`. */
it('an installation does not try to compile AWS’s runtime client, which would need cmake and autotools', () => {
  expect(runtimeClient).not.toHaveProperty('hasInstallScript');
  expect(read('package.json').allowScripts['aws-lambda-ric']).toBe(false);
});

it('an installation by Node 20 does not warn of AWS’s runtime client, which the project’s own Node runs', () => {
  expect(runtimeClient).not.toHaveProperty('engines');
});
