import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

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

/**
 * What a function loads only if its operator or a rare request asks for it. It is not in the bundle, all of which is read
 * at each cold start, but in files beside it, and its own imports are there, too.
 */
const ON_DEMAND = [
  '#adapters/agora/rtc-token.ts',
  '#adapters/apns/node-apn.ts',
  '#adapters/fcm/firebase-admin.ts',
  '#adapters/fcm/google-auth.ts',
];

/** The folder of these files, below that of the bundle. */
const ON_DEMAND_FOLDER = 'on-demand';

/** For Node, this package offers a build that logs through another package, which nobody reads here. */
const ALIASES = { 'socket.io-parser': './node_modules/socket.io-parser/build/esm/index.js' };

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  alias: ALIASES,
  minify: true,
  metafile: true,
  banner: { js: BANNER },
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Bundles `entry` and all its imports, AWS SDK included, into `outfile` as one ES module; the result lists what is in it.
 * What it loads on demand is put beside it.
 */
export function bundle(entry: string, outfile: string): Metafile {
  const { metafile } = buildSync({
    ...COMMON,
    entryPoints: [entry],
    outfile,
    external: [...NEVER_NEEDED, ...ON_DEMAND],
    sourcemap: true,
    sourcesContent: false,
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const onDemand = ON_DEMAND.filter((path) => imported.includes(path));
  if (onDemand.length > 0) bundleOnDemand(onDemand, dirname(outfile));
  return metafile;
}

/** Puts files that are loaded on demand, and what several of them share, below `directory`; Node finds them by a `package.json`. */
function bundleOnDemand(paths: readonly string[], directory: string): void {
  buildSync({
    ...COMMON,
    entryPoints: [...paths],
    outdir: join(directory, ON_DEMAND_FOLDER),
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]',
    splitting: true,
  });
  const imports = Object.fromEntries(paths.map((path) => [path, `./${ON_DEMAND_FOLDER}/${basename(path, '.ts')}.mjs`]));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ imports }));
}
