import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Everything that a cloud assembly is built from, and how it is built. */
export interface AssemblySource {
  /** The top of the repository. */
  readonly root: string;
  readonly stage: string;
  /** The variables that the build may read. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes the assembly into a directory that does not exist yet. */
  build(directory: string): Promise<void>;
}

/** The directories and files that a build reads, from the top of the repository. A missing one counts as empty. */
export const INPUTS: readonly string[] = [
  'infra',
  'functions',
  'shared',
  'docs/protocol',
  // The web console, and what it imports.
  'console',
  'client/src',
  'docs/runbook.md',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  // What is installed, which may differ from what package-lock.json asks for.
  'node_modules/.package-lock.json',
  'local/synth.ts',
];

/** How many assemblies stay: a few branches and stages. */
const KEPT = 6;
/** A temporary directory that is older than this belongs to a start that was killed. */
const ABANDONED_MS = 3_600_000;
const TEMPORARY = 'tmp-';

/**
 * Puts the cloud assembly of `source` into `directory`: a copy of the one in `cache` if nothing that it depends on has
 * changed, else a new one, which the cache then keeps. `building` is called before a build.
 *
 * Any number of starts may share a cache. An assembly appears in it by one rename and leaves it by one rename, and each
 * start works on its own copy, so nobody sees half of one.
 */
export async function cachedAssembly(
  source: AssemblySource,
  cache: string,
  directory: string,
  building: () => void = () => undefined,
): Promise<void> {
  const key = await keyOf(source);
  if (await copyKept(join(cache, key), directory)) return;
  building();
  await source.build(directory);
  // A file that changed during the build may be in it or not.
  if ((await keyOf(source)) !== key) return;
  // Without the cache the next start takes longer. This one can go on.
  await keep(directory, cache, key).catch(() => undefined);
}

/** True if there was an assembly to copy. */
async function copyKept(kept: string, directory: string): Promise<boolean> {
  try {
    await cp(kept, directory, { recursive: true });
    // The order in which assemblies were last used decides which of them stay.
    const now = new Date();
    await utimes(kept, now, now);
    return true;
  } catch {
    // There is none, or another start is removing it.
    await rm(directory, { recursive: true, force: true });
    return false;
  }
}

async function keep(directory: string, cache: string, key: string): Promise<void> {
  const temporary = join(cache, TEMPORARY + randomUUID());
  await mkdir(cache, { recursive: true });
  try {
    await cp(directory, temporary, { recursive: true });
    await rename(temporary, join(cache, key));
  } catch {
    // Another start has kept the same assembly in the meantime, or the disk is full.
    await rm(temporary, { recursive: true, force: true });
  }
  await removeOld(cache);
}

async function removeOld(cache: string): Promise<void> {
  const names = await readdir(cache);
  const entries = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await stat(join(cache, name))).mtimeMs })),
  );
  const newestFirst = entries.toSorted((a, b) => b.usedAt - a.usedAt);
  const old = newestFirst.filter(({ name }) => !name.startsWith(TEMPORARY)).slice(KEPT);
  for (const { name } of old) {
    // Whoever is copying it fails at once, instead of copying what is left.
    const removed = join(cache, TEMPORARY + randomUUID());
    await rename(join(cache, name), removed);
    await rm(removed, { recursive: true, force: true });
  }
  const abandoned = newestFirst.filter(
    ({ name, usedAt }) => name.startsWith(TEMPORARY) && usedAt < Date.now() - ABANDONED_MS,
  );
  for (const { name } of abandoned) await rm(join(cache, name), { recursive: true, force: true });
}

/** A hash of everything that the assembly depends on. */
async function keyOf({ root, stage, env }: AssemblySource): Promise<string> {
  const files = (await Promise.all(INPUTS.map((input) => filesIn(join(root, input))))).flat().toSorted();
  const hashed = await Promise.all(files.map(async (file) => [relative(root, file), sha256(await readFile(file))]));
  const variables = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([process.version, process.arch, stage, variables, hashed]));
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** The path itself if it is a file, and every file below it if it is a directory. */
async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
