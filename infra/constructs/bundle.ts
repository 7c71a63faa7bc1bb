import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** CommonJS packages need these globals, which an ES module does not have. */
const BANNER = [
  "import { createRequire as carillonRequire } from 'node:module';",
  'const require = carillonRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('');

/**
 * What the AWS SDK imports only on demand, and never demands in a function: its credentials are in the environment, where
 * the SDK looks first, and no API that we call answers with an event stream. In the bundle these packages would be a
 * quarter of the code, and would keep esbuild from joining the rest into one scope.
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

/** For Node, this package offers a build that logs through another package, which nobody reads here. */
const ALIASES = { 'socket.io-parser': './node_modules/socket.io-parser/build/esm/index.js' };

/** Bundles `entry` and all its imports, AWS SDK included, into `outfile` as one ES module; the result lists what is in it. */
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
    alias: ALIASES,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    banner: { js: BANNER },
    logLevel: 'warning',
  }).metafile;
