import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compressedSize } from '../../../tools/bundles/compressed-size.ts';
import { CONTENDERS, type Contender } from './contenders.ts';

/** What a package costs an app. */
export interface PackageCost extends Pick<Contender, 'name' | 'tokenLines'> {
  /** All that it exports, bundled, minified and compressed, in kB. */
  readonly kB: number;
  /** Lines of the app of a video call, for both sides. */
  readonly lines: number;
  readonly serverLines: number;
}

/** Weighs the packages and counts the lines of the apps, all of which fit the types of the packages. */
export async function measurePackages(): Promise<PackageCost[]> {
  execFileSync('npm', ['run', '--silent', '--workspace', 'client', 'prepare'], { stdio: 'inherit' });
  execFileSync('tsc', ['--project', 'test/bench/rivals/call'], { stdio: 'inherit' });
  return await Promise.all(
    CONTENDERS.map(async ({ name, imports, app, tokenLines, server }) => {
      const contents = imports.map((path) => `export * from '${path}';`).join('\n');
      const kB = await compressedSize({ stdin: { contents, resolveDir: 'test/bench/rivals' } });
      return { name, kB, lines: linesOf(app), tokenLines, serverLines: server === undefined ? 0 : linesOf(server) };
    }),
  );
}

/** How many lines of a file are neither blank nor comments. */
export const linesOf = (path: string): number =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\/[/*].*|\*.*)?$/.test(line)).length;
