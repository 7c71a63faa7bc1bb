import { type Call, memberOf } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { changeCall } from './change-call.ts';
import { type RingCallDeps, ringCall } from './ring-call.ts';

export interface AddMembersDeps extends RingCallDeps {
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
  const change = changeCall(deps);
  const ringThem = ringCall(deps);
  return async ({ cid, user, members, ring }: AddMembers): Promise<Call> => {
    const command = { type: 'add' as const, by: user.userId, members, asServer: user.kind === 'server' };
    const call = await change({ cid, user, action: 'add', command: () => command });
    await deps.history.add(call, members);
    if (!ring) return call;
    // Whoever has answered or declined meanwhile is rung again by name only, and a retried request names nobody anew.
    const waiting = members.filter((userId) => ['invited', 'ringing'].includes(memberOf(call, userId)?.state ?? ''));
    return ringThem({ cid, user, members: waiting });
  };
};
