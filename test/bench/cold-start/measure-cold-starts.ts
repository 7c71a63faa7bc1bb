import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle } from '#infra/constructs/bundle.ts';
import type { FunctionSpec } from '#local/aws/lambda/function-spec.ts';
import { contentsOf, type Part } from '../../../tools/bundles/contents.ts';
import { type Start, startCold } from './cold-process.ts';
import { firstEvents } from './first-events.ts';
import { bundleLibraries, emptyHandler } from './libraries.ts';
import { openScene, type Scene, specOf } from './scene.ts';

/** The start of a function, or of a handler that only loads a library: medians, in milliseconds. */
export interface ColdStart {
  readonly name: string;
  readonly kind: 'function' | 'library';
  /** The event that starts it. */
  readonly event: string;
  readonly bundle_kb: number;
  readonly gzip_kb: number;
  /** From the start of the process to its first answer, the same of a handler that does nothing, and their ratio. */
  readonly start_ms: number;
  readonly empty_ms: number;
  readonly ratio: number;
  /** The CPU time: it varies less than the elapsed time, and it is what takes long on the fraction of a processor that a function has. */
  readonly cpu_ms: number;
  readonly empty_cpu_ms: number;
  readonly cpu_ratio: number;
  /** The parts of `cpu_ms` before and after the bundle was loaded. */
  readonly load_cpu_ms: number;
  readonly answer_cpu_ms: number;
  /** What is in the bundle, and by which imports. */
  readonly parts: readonly Part[];
}

/** How often each is started. The starts of all of them take turns. */
const STARTS = 20;
/** Rounds before the first one that counts: they read the files into the machine's cache. */
const WARM_UP = 1;

interface Contestant extends Pick<ColdStart, 'name' | 'kind' | 'event' | 'parts'> {
  readonly spec: FunctionSpec;
  readonly starts: Start[];
  next(): Promise<unknown>;
}

/** Starts every function cold, several times, from the bundle that is deployed, with all services that it calls. */
export async function measureColdStarts(): Promise<ColdStart[]> {
  const scene = await openScene();
  try {
    const { host, scratch } = scene.around;
    const empty = loader(scene, { name: 'empty', directory: await emptyHandler(scratch), parts: [] });
    const contestants = [...(await functions(scene)), ...(await libraries(scene))];
    for (let round = 0; round < WARM_UP + STARTS; round += 1) {
      for (const { spec, starts, next } of [empty, ...contestants]) {
        const start = await startCold(spec, host, await next());
        if (round >= WARM_UP) starts.push(start);
      }
    }
    return await Promise.all(contestants.map((contestant) => judged(contestant, empty)));
  } finally {
    await scene.around.stop();
  }
}

async function functions(scene: Scene): Promise<Contestant[]> {
  const events = await firstEvents(scene, WARM_UP + STARTS);
  return events.map(({ name, entry, what, next }) => {
    const { parts } = contentsOf(bundle(entry, join(scene.around.scratch, 'again', 'index.mjs')));
    return { name, kind: 'function', event: what, spec: specOf(scene.around, name), parts, starts: [], next };
  });
}

async function libraries(scene: Scene): Promise<Contestant[]> {
  const bundled = await bundleLibraries(scene.around.scratch);
  return bundled.map(({ metafile, ...rest }) => loader(scene, { ...rest, parts: contentsOf(metafile).parts }));
}

/** Handlers that only load something, in the environment of a function. */
const loader = (
  { around }: Scene,
  { directory, ...rest }: { name: string; directory: string; parts: readonly Part[] },
): Contestant => ({
  ...rest,
  kind: 'library',
  event: 'any',
  spec: { ...specOf(around, 'Signal'), directory },
  starts: [],
  next: async () => ({}),
});

async function judged({ name, kind, event, spec, parts, starts }: Contestant, empty: Contestant): Promise<ColdStart> {
  const code = await readFile(join(spec.directory, 'index.mjs'));
  const startMs = median(starts, ({ answered }) => answered.ms);
  const emptyMs = median(empty.starts, ({ answered }) => answered.ms);
  const cpuMs = median(starts, ({ answered }) => answered.cpuMs);
  const emptyCpuMs = median(empty.starts, ({ answered }) => answered.cpuMs);
  const loadedCpuMs = median(starts, ({ loaded }) => loaded.cpuMs);
  return {
    name,
    kind,
    event,
    bundle_kb: tenths(code.length / 1000),
    gzip_kb: tenths(gzipSync(code).length / 1000),
    start_ms: tenths(startMs),
    empty_ms: tenths(emptyMs),
    ratio: hundredths(startMs / emptyMs),
    cpu_ms: tenths(cpuMs),
    empty_cpu_ms: tenths(emptyCpuMs),
    cpu_ratio: hundredths(cpuMs / emptyCpuMs),
    load_cpu_ms: tenths(loadedCpuMs - median(empty.starts, ({ loaded }) => loaded.cpuMs)),
    answer_cpu_ms: tenths(cpuMs - loadedCpuMs),
    parts,
  };
}

function median(starts: readonly Start[], figure: (start: Start) => number): number {
  const sorted = starts.map(figure).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;
