import type { StageFile } from '../stage.ts';

/** For tests: it keeps nothing, and its graces are short. */
export const stage: StageFile = {
  corsOrigins: ['*'],
  // Short enough for a test to wait for, long enough for a busy machine to reconnect within it.
  vanishGraceS: 6,
  answerGraceS: 15,
  keepAliveS: 5,
  keepsData: false,
};
