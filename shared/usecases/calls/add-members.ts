import type { Call } from '#domain/call/call.ts';
import { movedBy } from '#domain/call/replay.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';
import { replay } from './replay.ts';
import { type RingCallDeps, ringCall } from './ring-call.ts';

export interface AddMembersDeps extends LoadCallDeps, ApplyCommandDeps, AnnounceDeps, RingCallDeps {
  readonly history: HistoryStore;
}

export interface AddMembers {
  readonly cid: string;
  readonly user: UserPrincipal;
  readonly members: readonly string[];
  /** Whether they are rung at once. */
  readonly ring: boolean;
}

/** Adds members to a live call. */
export const addMembers = (deps: AddMembersDeps) => {
  const load = loadCall(deps);
  const apply = applyCommand(deps);
  const tell = announce(deps);
  const again = replay(deps);
  const ringThem = ringCall(deps);
  return async ({ cid, user, members, ring }: AddMembers): Promise<Call> => {
    const command = { type: 'add' as const, by: user.userId, members, asServer: user.kind === 'server' };
    const applied = await apply(await load(cid, user, 'add'), command);
    const { call } = applied;
    if (applied.kind === 'changed') await tell({ ...applied, by: user });
    else await again(call, movedBy(call, user.userId));
    await deps.history.add(call, members);
    if (!ring) return call;
    return ringThem({ cid, user, members });
  };
};
