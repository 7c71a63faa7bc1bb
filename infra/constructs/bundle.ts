import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** CommonJS packages inside an ES module look for these. */
const BANNER = [
  "import { createRequire as carillonRequire } from 'node:module';",
  "import { fileURLToPath as carillonPath } from 'node:url';",
  'const require = carillonRequire(import.meta.url);',
  'const __filename = carillonPath(import.meta.url);',
  "const __dirname = carillonPath(new URL('.', import.meta.url));",
].join('');

/**
 * What the AWS SDK imports when it is needed, and never needs in a function: credentials are in a function's environment,
 * where the SDK looks first, and nothing that we call answers with a stream of events. In the bundle it would be a
 * quarter of the code, and the rest could not be joined into one scope.
 */
const NEVER_NEEDED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/** Writes the file `entry` and all that it imports into `outfile` as one ES module, AWS SDK included, and says what went into it. */
export const bundle = (entry: string, outfile: string): Metafile =>
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: NEVER_NEEDED,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    banner: { js: BANNER },
    logLevel: 'warning',
  }).metafile;
