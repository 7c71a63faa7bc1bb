import type { Metafile } from 'esbuild';

/** What one package adds to a bundle. */
export interface Part {
  /** `ours`: everything that is not a package. */
  readonly name: string;
  readonly bytes: number;
  /** The chain of imports that brought it in: from the entry through our files and packages. */
  readonly via: readonly string[];
}

/** What is in a bundle: its size, and its packages, the largest first. */
export interface Contents {
  readonly bytes: number;
  readonly parts: readonly Part[];
}

const OURS = 'ours';

/** Reads the contents of a bundle from what the bundler reports. */
export function contentsOf({ inputs, outputs }: Metafile): Contents {
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output?.entryPoint === undefined) throw new Error('the bundler has reported no bundle');
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = packageOf(path) ?? OURS;
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  const chains = chainsFrom(output.entryPoint, inputs);
  const parts = [...bytes].map(([name, size]) => ({ name, bytes: size, via: chains.get(name) ?? [] }));
  return { bytes: output.bytes, parts: parts.filter((part) => part.bytes > 0).toSorted((a, b) => b.bytes - a.bytes) };
}

/** The shortest chain of imports from the entry to each package. */
function chainsFrom(entry: string, inputs: Metafile['inputs']): Map<string, readonly string[]> {
  const files = new Map<string, readonly string[]>([[entry, [entry]]]);
  const packages = new Map<string, readonly string[]>();
  // A map is iterated in the order of insertion, including what is added meanwhile: the nearest files come first.
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

/** The innermost package that a file belongs to; `undefined` for our own files. */
const packageOf = (path: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
