import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { once } from '../entry/once.ts';

/** A frame's place: file, line and column. Lambda's own runtime is an `index.mjs`, too. */
const PLACE = /(file:\/\/\S+):(\d+):(\d+)/g;

/** How the bundler names a source begins with its way from the bundle to the repository. */
const WAY_TO_SOURCE = /^.*?(?=(?:functions|shared|node_modules)\/)/;

/**
 * A stack's frames with their places in the sources. The map beside the bundle is read at the first error; Node's own
 * `--enable-source-maps` reads it at every start, where it was a fifth of what loading the bundle cost.
 */
export const sourceFrames = (frames: string): string => {
  const map = bundleMap();
  if (!map) return frames;
  return frames.replace(PLACE, (place, file, line, column) => {
    if (file !== import.meta.url) return place;
    const origin = map.findOrigin(Number(line), Number(column));
    return 'fileName' in origin
      ? `${origin.fileName.replace(WAY_TO_SOURCE, '')}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  });
};

const bundleMap = once(() => {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL('index.mjs.map', import.meta.url), 'utf8')));
  } catch {
    // Not in a bundle: the frames name the sources already.
    return undefined;
  }
});
