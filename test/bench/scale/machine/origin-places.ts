import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CpuProfile } from './inspector.ts';

/** The position of a function, as V8 reports it. */
type Frame = CpuProfile['nodes'][number]['callFrame'];

/** Reads the source maps of bundles among these scripts, and returns a function that finds the name and the source file of a function. */
export async function originPlaces(
  urls: readonly string[],
): Promise<(frame: Frame) => { name: string; where: string }> {
  const bundles = [...new Set(urls)].filter((url) => url.startsWith('file:') && url.endsWith('/index.mjs'));
  const maps = new Map(await Promise.all(bundles.map(async (url) => [url, await mapOf(url)] as const)));
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
    const isMapped = entry !== undefined && 'originalSource' in entry;
    const where = shortened(isMapped ? entry.originalSource : url);
    // A minified name says nothing, but the line where the function begins does.
    const line = isMapped ? entry.originalLine + 1 : lineNumber + 1;
    const name =
      functionName === '' || isMapped ? `${functionName.length > 2 ? functionName : ''}:${line}` : functionName;
    return { name, where };
  };
}

async function mapOf(url: string): Promise<SourceMap | undefined> {
  const text = await readFile(`${fileURLToPath(url)}.map`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : new SourceMap(JSON.parse(text));
}

/** The path in the repository, the package with the name of the file, or the module of Node. */
function shortened(path: string): string {
  if (path === '') return 'V8 and the kernel';
  if (path.startsWith('node:')) return path;
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\/(?:.*\/)?([^/]+)$/.exec(path);
  if (inPackage) return `${inPackage[1]}/${inPackage[2]}`;
  return /(?:^|\/)((?:local|functions|shared)\/.+)$/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('/') + 1);
}
