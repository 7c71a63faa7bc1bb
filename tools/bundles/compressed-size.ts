import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

/** What a browser has to load of an entry, bundled, minified and compressed, in kB (1000 bytes). */
export async function compressedSize(entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<number> {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
}
