import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Checks what an app that uses the client has to load: each entry as a bundle of its own, minified and compressed. */

/** The most that an entry may take, in kB (1000 bytes). */
const BUDGETS: Readonly<Record<string, number>> = { index: 12, 'media/index': 6, 'push/index': 3 };

for (const [entry, budget] of Object.entries(BUDGETS)) {
  const { outputFiles } = await build({
    entryPoints: [`client/dist/${entry}.js`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const kB = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
  if (kB > budget) {
    process.stderr.write(`client/src/${entry}.ts is ${kB.toFixed(2)} kB compressed, over its budget of ${budget} kB\n`);
    process.exitCode = 1;
  } else if (process.argv.includes('--print')) {
    process.stdout.write(`${entry}: ${kB.toFixed(2)} kB of ${budget}\n`);
  }
}
