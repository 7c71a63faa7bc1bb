import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { MUTANTS } from './mutants.ts';

const mutant = MUTANTS.find(({ name }) => name === process.env['MUTANT']);

/** The tests of the rules, with one rule of the product broken: `mutant` names it. */
export default defineConfig({
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      load(id) {
        if (!mutant || !id.split('?')[0]?.endsWith(`/${mutant.file}`)) return undefined;
        const source = readFileSync(mutant.file, 'utf8');
        if (!source.includes(mutant.from)) throw new Error(`${mutant.file} no longer has what ${mutant.name} breaks`);
        return source.replace(mutant.from, mutant.to);
      },
    },
  ],
  test: {
    include: [
      'test/model/**/*.test.ts',
      'test/usecases/end-once.test.ts',
      'test/unit/domain/{ringing-table,decide,shown}.test.ts',
    ],
    globalSetup: ['test/support/dynamodb-setup.ts'],
    testTimeout: 60_000,
    env: { STAGE: 'test' },
  },
});
