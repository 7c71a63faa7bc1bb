import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** CommonJS packages inside an ES module look for these. */
const BANNER = [
  "import { createRequire as carillonRequire } from 'node:module';",
  "import { fileURLToPath as carillonPath } from 'node:url';",
  'const require = carillonRequire(import.meta.url);',
  'const __filename = carillonPath(import.meta.url);',
  "const __dirname = carillonPath(new URL('.', import.meta.url));",
].join('');

/** The file `entry` and all that it imports as one ES module, AWS SDK included; `files` lie beside it, to be read where they are needed. */
export const bundledCode = (entry: string, files: readonly string[] = []): Code =>
  Code.fromAsset(ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-pulled'),
      // CDK bundles the same source and command only once.
      command: [entry, ...files],
      local: {
        tryBundle: (directory) => {
          bundle(entry, join(directory, 'index.mjs'));
          for (const file of files) copyFileSync(join(ROOT, file), join(directory, basename(file)));
          return true;
        },
      },
    },
  });

function bundle(entry: string, outfile: string): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'warning',
  });
}
