import { keepsBusy } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { byFreshness } from '#domain/push-token/token.ts';
import { type Clock, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { GuardStore } from '#ports/guard-store.ts';
import { cidsOf, type PresenceStore } from '#ports/presence-store.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import type { UserAsKnown, UserRecords } from '#ports/user-records.ts';

export interface LookAtUserDeps {
  readonly presence: PresenceStore;
  readonly pushTokens: PushTokenStore;
  readonly guards: GuardStore;
  readonly userRecords: UserRecords;
  readonly calls: CallStore;
  readonly clock: Clock;
  readonly maxDurationMs: number;
}

/** Looks at a user, for whoever operates the stage. Of a user whom nobody knows there is nothing to see. */
export const lookAtUser =
  (deps: LookAtUserDeps) =>
  async (userId: string): Promise<UserAsKnown> => {
    const now = deps.clock();
    const [pending, pushTokens, removed, blocks, preferences, rings] = await Promise.all([
      deps.presence.pending(userId, later(now, -deps.maxDurationMs)),
      deps.pushTokens.list(userId),
      deps.userRecords.removedPushTokens(userId),
      deps.guards.blocks(userId),
      deps.guards.preferences(userId),
      deps.userRecords.startedRings(userId, now),
    ]);
    const calls = (await deps.calls.findAll(cidsOf(pending, MOST_CALLS))).map((call) => asOf(call, now));
    const [liveCall] = calls
      .filter((call) => keepsBusy(call, userId, now))
      .toSorted((a, b) => b.createdAt - a.createdAt);
    return {
      userId,
      pushTokens: pushTokens.toSorted(byFreshness),
      removed: removed.toSorted((a, b) => b.removedAt - a.removedAt),
      connections: pending.connections.toSorted((a, b) => b.connectedAt - a.connectedAt),
      ...(liveCall && { liveCall }),
      blocks,
      preferences,
      rings,
    };
  };

/** Of how many calls of a user the live one is looked for. The busy lock leads to it, if it has one. */
const MOST_CALLS = 20;
