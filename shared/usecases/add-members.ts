import type { Call } from '#domain/call.ts';
import type { User } from '#domain/caller.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { sayAgain } from './catch-up.ts';
import { changeCall } from './change-call.ts';
import { type RingCallDeps, ringCall } from './ring-call.ts';

export interface AddMembersDeps extends RingCallDeps {
  readonly history: HistoryStore;
}

export interface AddMembers {
  readonly cid: string;
  readonly user: User;
  readonly members: readonly string[];
  /** Whether they are rung at once. */
  readonly ring: boolean;
}

/** Adds members to a live call. */
export const addMembers = (deps: AddMembersDeps) => {
  const change = changeCall(deps);
  const ringThem = ringCall(deps);
  return async ({ cid, user, members, ring }: AddMembers): Promise<Call> => {
    const command = { type: 'add' as const, by: user.userId, members, asServer: user.kind === 'server' };
    const unchanged = (call: Call): Promise<void> => sayAgain(deps)(call, members);
    const call = await change({ cid, user, action: 'add', command: () => command, unchanged });
    await deps.history.add(call, members);
    return ring ? ringThem({ cid, user, members }) : call;
  };
};
