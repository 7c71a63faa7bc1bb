import type { StageFile } from '../stage.ts';

/** For trying things: any web page may call it, and nobody is mailed. */
export const stage: StageFile = {
  corsOrigins: ['*'],
};
