import type { Call } from '#domain/call/call.ts';
import { replayOf } from '#domain/call/replay.ts';
import { type AnnounceDeps, announce } from './announce.ts';

/**
 * Announces once more what became of `about` not long ago, by events, stops and notices: whoever wrote it may have
 * crashed before. To clients it is the same event twice; of stops and notices their record lets one through.
 */
export const replay = (deps: AnnounceDeps) => {
  const tell = announce(deps);
  return async (call: Call, about: readonly string[]): Promise<void> => {
    if (about.length > 0) await tell({ change: replayOf(call, about, deps.clock()), call });
  };
};
