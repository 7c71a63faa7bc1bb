import type { Call } from '#domain/call/call.ts';
import { movedBy } from '#domain/call/replay.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type AnnounceDeps, announce, updateBusyLocks } from './announce.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { replay } from './replay.ts';

export interface ReplaceCallDeps extends ApplyCommandDeps, AnnounceDeps {}

/**
 * Ends a call of two, since the same two people ring each other by another one. Its busy locks are released once everybody
 * has heard: if this request crashes before that, whoever asks again finds the call by its locks.
 */
export const replaceCall = (deps: ReplaceCallDeps) => {
  const apply = applyCommand(deps);
  const tell = announce(deps);
  const again = replay(deps);
  return async (call: Call, by: UserPrincipal): Promise<void> => {
    const applied = await apply(call, { type: 'replace', by: by.userId });
    if (applied.kind === 'unchanged') {
      await again(applied.call, movedBy(applied.call, applied.call.endedBy ?? by.userId));
      return;
    }
    const { change } = applied;
    await tell({ ...applied, change: { ...change, effects: { ...change.effects, unlockedBusy: [] } }, by });
    await updateBusyLocks(deps, applied);
  };
};
