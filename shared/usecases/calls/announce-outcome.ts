import { movedBy } from '#domain/call/replay.ts';
import { type AnnounceDeps, type Announcement, announce } from './announce.ts';
import type { Applied } from './apply-command.ts';
import { replay } from './replay.ts';

/** Announces what a command of `userId` changed; if it changed nothing, once more what an earlier try of it may have left unsaid. `by` is absent if a timer gave it. */
export const announceOutcome = (deps: AnnounceDeps) => {
  const tell = announce(deps);
  const again = replay(deps);
  return (applied: Applied, userId: string, by?: Announcement['by']): Promise<void> =>
    applied.kind === 'changed'
      ? tell({ ...applied, ...(by && { by }) })
      : again(applied.call, movedBy(applied.call, userId));
};
