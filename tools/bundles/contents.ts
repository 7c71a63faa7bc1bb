import type { Metafile } from 'esbuild';

/** What a package has in a bundle. */
export interface Part {
  /** `ours`: what is no package. */
  readonly name: string;
  readonly bytes: number;
  /** By which imports it came in: from the entry through files of ours and packages. */
  readonly via: readonly string[];
}

/** What is in a bundle: its bytes, and its packages, the largest first. */
export interface Contents {
  readonly bytes: number;
  readonly parts: readonly Part[];
}

const OURS = 'ours';

/** Reads what the bundler says of a bundle. */
export function contentsOf({ inputs, outputs }: Metafile): Contents {
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output?.entryPoint === undefined) throw new Error('the bundler names no bundle');
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = packageOf(path) ?? OURS;
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  const ways = waysFrom(output.entryPoint, inputs);
  const parts = [...bytes].map(([name, size]) => ({ name, bytes: size, via: ways.get(name) ?? [] }));
  return { bytes: output.bytes, parts: parts.filter((part) => part.bytes > 0).toSorted((a, b) => b.bytes - a.bytes) };
}

/** The shortest way from the entry to each package. */
function waysFrom(entry: string, inputs: Metafile['inputs']): Map<string, readonly string[]> {
  const files = new Map<string, readonly string[]>([[entry, [entry]]]);
  const packages = new Map<string, readonly string[]>();
  // What is added while a map is walked through comes at its end: the nearest files come first.
  for (const [path, way] of files) {
    const found = packageOf(path);
    if (found !== undefined && !packages.has(found)) packages.set(found, way);
    const unseen = (inputs[path]?.imports ?? []).filter(({ path: next, external }) => !external && !files.has(next));
    for (const { path: next } of unseen) {
      const stop = packageOf(next) ?? next;
      files.set(next, way.at(-1) === stop ? way : [...way, stop]);
    }
  }
  return packages;
}

/** The package that a file is of: the innermost one, `undefined` for a file of ours. */
const packageOf = (path: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
