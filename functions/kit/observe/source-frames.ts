import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { once } from '#domain/once.ts';

/** The file, line and column of a frame. Lambda's own runtime is an `index.mjs`, too. */
const PLACE = /(file:\/\/\S+):(\d+):(\d+)/g;

/** The bundler's name of a source begins with the path from the bundle to the repository. */
const WAY_TO_SOURCE = /^.*?(?=(?:functions|shared|node_modules)\/)/;

/**
 * The frames of a stack with their positions in the sources. The map beside the bundle is read at the first error. Node's
 * own `--enable-source-maps` reads it at every start, which was a fifth of the cost of loading the bundle.
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

const bundleMap = /* @__PURE__ */ once(() => {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL('index.mjs.map', import.meta.url), 'utf8')));
  } catch {
    // This is not a bundle, so the frames name the sources already.
    return undefined;
  }
});
