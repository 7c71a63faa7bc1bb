import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';

export interface ReplaceCallDeps extends ApplyCommandDeps, AnnounceDeps {}

/** Ends a call of two, since the same two people ring each other by another one. */
export const replaceCall = (deps: ReplaceCallDeps) => {
  const apply = applyCommand(deps);
  const tell = announce(deps);
  return async (call: Call, by: UserPrincipal): Promise<void> => {
    const applied = await apply(call, { type: 'replace', by: by.userId });
    if (applied.kind === 'changed') await tell({ ...applied, by });
  };
};
