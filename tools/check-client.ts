import { compressedSize } from './bundles/compressed-size.ts';

/** Checks what an app that uses the client has to load: each entry as a bundle of its own, minified and compressed. */

/** The most that an entry may take, in kB (1000 bytes). */
const BUDGETS: Readonly<Record<string, number>> = { index: 12, 'media/index': 6, 'push/index': 3 };

for (const [entry, budget] of Object.entries(BUDGETS)) {
  const kB = await compressedSize({ entryPoints: [`client/dist/${entry}.js`] });
  if (kB > budget) {
    process.stderr.write(`client/src/${entry}.ts is ${kB.toFixed(2)} kB compressed, over its budget of ${budget} kB\n`);
    process.exitCode = 1;
  } else if (process.argv.includes('--print')) {
    process.stdout.write(`${entry}: ${kB.toFixed(2)} kB of ${budget}\n`);
  }
}
