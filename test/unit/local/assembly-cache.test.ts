import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AssemblySource, cachedAssembly, INPUTS } from '#local/assembly-cache.ts';

let scratch: string;
let root: string;
let cache: string;
let builds: number;
let starts: number;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  [root, cache, builds, starts] = [join(scratch, 'root'), join(scratch, 'cache'), 0, 0];
  for (const file of FILES) write(file, 'as it was');
});
afterEach(() => rmSync(scratch, { recursive: true }));

const FILES = [
  'infra/app.ts',
  'infra/stacks/service.ts',
  'functions/http/index.ts',
  'shared/domain/call.ts',
  'docs/protocol/openapi.json',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
  'local/synth.ts',
];

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** An assembly that says of which tree it was built: one file at the top, one further down. */
const source = (more: Partial<AssemblySource> = {}): AssemblySource => ({
  root,
  stage: 'dev',
  env: {},
  async build(directory) {
    builds += 1;
    const text = FILES.map((file) => readFileSync(join(root, file), 'utf8')).join();
    mkdirSync(join(directory, 'asset'), { recursive: true });
    writeFileSync(join(directory, 'template.json'), text);
    await sleep(5);
    writeFileSync(join(directory, 'asset', 'index.mjs'), text);
  },
  ...more,
});

/** Starts once and returns both files of the assembly. */
async function start(more: Partial<AssemblySource> = {}): Promise<string[]> {
  starts += 1;
  const directory = join(scratch, `start-${starts}`);
  await cachedAssembly(source(more), cache, directory);
  return ['template.json', 'asset/index.mjs'].map((file) => readFileSync(join(directory, file), 'utf8'));
}

describe('a kept assembly', () => {
  it('is used again as long as nothing has changed', async () => {
    const first = await start();
    expect(await start()).toEqual(first);
    expect(builds).toBe(1);
  });

  it.each(FILES)('is not used after a change of %s', async (file) => {
    await start();
    write(file, 'changed');
    const [template, asset] = await start();
    expect([template, asset]).toEqual([expect.stringContaining('changed'), template]);
    expect(builds).toBe(2);
  });

  it('is not used after a file was added, renamed or removed', async () => {
    await start();
    write('shared/domain/new.ts', 'as it was');
    await start();
    write('shared/domain/newer.ts', 'as it was');
    rmSync(join(root, 'shared/domain/new.ts'));
    await start();
    expect(builds).toBe(3);
    rmSync(join(root, 'shared/domain/newer.ts'));
    await start();
    expect(builds).toBe(3);
  });

  it('is not used for another stage, or with other variables', async () => {
    await start();
    await start({ stage: 'test' });
    await start({ env: { CDK_DEBUG: 'true' } });
    expect(builds).toBe(3);
  });

  it('is not kept if a file changed while it was built', async () => {
    const { build } = source();
    const changing = async (directory: string) => {
      await build(directory);
      write('infra/app.ts', 'changed meanwhile');
    };
    await start({ build: changing });
    write('infra/app.ts', 'as it was');
    await start();
    expect(builds).toBe(2);
  });

  it('is not kept if its build failed', async () => {
    await expect(start({ build: () => Promise.reject(new Error('no')) })).rejects.toThrow('no');
    await start();
    expect(builds).toBe(1);
  });

  it('comes whole to every one of many starts at once, and leaves nothing else behind', async () => {
    const whole = FILES.map(() => 'as it was').join();
    const assemblies = await Promise.all(Array.from({ length: 8 }, () => start()));
    expect(assemblies).toEqual(assemblies.map(() => [whole, whole]));
    expect(await start()).toEqual([whole, whole]);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('is not taken from what a killed start has left half copied, which is removed later', async () => {
    const leftover = join(cache, 'tmp-killed');
    mkdirSync(leftover, { recursive: true });
    const longAgo = new Date(Date.now() - 7_200_000);
    utimesSync(leftover, longAgo, longAgo);
    await start();
    expect([builds, readdirSync(cache).includes('tmp-killed')]).toEqual([1, false]);
  });

  it('gives way to newer ones after a while', async () => {
    for (const stage of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await start({ stage });
    expect(readdirSync(cache)).toHaveLength(6);
    await start({ stage: 'h' });
    expect(builds).toBe(8);
    await start({ stage: 'a' });
    expect(builds).toBe(9);
  });

  it('does not matter to a start that cannot write into the cache', async () => {
    writeFileSync(cache, 'a file where the directory should be');
    await start();
    await start();
    expect(builds).toBe(2);
  });

  it('can be changed by a start without harm to the next one', async () => {
    const [whole] = await start();
    writeFileSync(join(scratch, 'start-1', 'template.json'), 'scribbled');
    expect((await start())[0]).toBe(whole);
  });
});

it('depends on every file that the CDK app and the functions import', () => {
  const { metafile } = buildSync({
    entryPoints: ['infra/app.ts', 'functions/http/index.ts', 'functions/websocket/*.ts', 'functions/queue/*.ts'],
    bundle: true,
    write: false,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  const imported = Object.keys(metafile.inputs);
  expect(imported.length).toBeGreaterThan(100);
  expect(imported.filter((file) => !INPUTS.some((input) => file === input || file.startsWith(`${input}/`)))).toEqual(
    [],
  );
});
