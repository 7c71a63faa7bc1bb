import { type Call, memberOf } from '#domain/call/call.ts';
import { ringable } from '#domain/call/decide.ts';
import { asOf } from '#domain/call/expire.ts';
import { defined } from '#domain/defined.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import { blockersIn } from '#domain/protection/guard.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { admitRing } from '../protection/admit-ring.ts';
import { assertMayRing } from '../protection/may-ring.ts';
import { silences } from '../protection/silences.ts';
import type { AnnounceDeps } from './announce.ts';
import { announceOutcome } from './announce-outcome.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';
import { type RingCallDeps, ringCall } from './ring-call.ts';

export interface AddMembersDeps extends LoadCallDeps, ApplyCommandDeps, AnnounceDeps, RingCallDeps {
  readonly history: HistoryStore;
}

export interface AddMembers {
  readonly cid: string;
  /** Who asks. A server token that names no user acts for whoever created the call. */
  readonly principal: Principal;
  readonly members: readonly string[];
  /** Whether they are rung at once. */
  readonly ring: boolean;
}

/** Adds members to a live call. */
export const addMembers = (deps: AddMembersDeps) => {
  const load = loadCall(deps);
  const apply = applyCommand(deps);
  const tell = announceOutcome(deps);
  const ringThem = ringCall(deps);
  const admit = admitRing(deps);
  const look = silences(deps);
  return async ({ cid, principal, members, ring }: AddMembers): Promise<Call> => {
    if (ring) assertMayRing(deps, principal);
    const found = await load(cid, principal, isForCreator(principal) ? 'read' : 'add');
    const user = actor(principal, found);
    // Counted first: whose ring is refused has added nobody.
    const callees = ring && found.status !== 'ended' ? outside(asOf(found, deps.clock()), user.userId, members) : [];
    const admission = await admit(user, found, callees);
    const silent = ring ? admission.silent : await look(user.userId, strangers(found, members));
    const command = {
      type: 'add' as const,
      by: user.userId,
      members,
      asServer: user.kind === 'server',
      blockers: blockersIn(silent),
    };
    const applied = await apply(found, command).catch(async (error: unknown) => {
      await admission.withdraw();
      throw error;
    });
    const { call } = applied;
    await tell(applied, user.userId, user);
    await deps.history.add(call, members);
    if (!ring) return call;
    return ringThem({ cid, user, members, admission });
  };
};

/** Whom a ring of these users would reach once they are members. */
const outside = (call: Call, by: string, members: readonly string[]): string[] => [
  ...ringable(call, by, members),
  ...strangers(call, members),
];

const strangers = (call: Call, members: readonly string[]): string[] =>
  [...new Set(members)].filter((userId) => !memberOf(call, userId));

const isForCreator = ({ kind, userId }: Principal): boolean => kind === 'server' && userId === undefined;

/** Who adds them: the user of the token, or else whoever created the call. */
const actor = (principal: Principal, { createdBy: { id, name, image } }: Call): UserPrincipal => ({
  ...principal,
  ...(principal.userId === undefined ? { userId: id, ...defined({ name, image }) } : { userId: principal.userId }),
});
