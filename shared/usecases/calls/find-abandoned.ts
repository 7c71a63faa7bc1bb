import { type Call, connectionsOf, isIn, memberOf } from '#domain/call/call.ts';
import { hears } from '#ports/presence-store.ts';
import { openOnHandset } from '../connections/open-on-handset.ts';
import type { SendToUserDeps } from '../connections/send-to-user.ts';
import { watchForReturn } from '../timers/timers.ts';

export interface FindAbandonedDeps extends SendToUserDeps {
  /** How long a member who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

/**
 * Somebody is busy in an active call. If none of their connections is open any more, though nobody has told, they have
 * as long to come back as anybody whose connection is lost. An abandoned call holds nobody for longer than that.
 */
export const findAbandoned = (deps: FindAbandonedDeps) => {
  const open = openOnHandset(deps);
  return async (call: Call, userId: string): Promise<void> => {
    const member = memberOf(call, userId);
    if (call.status !== 'active' || !member || !isIn(member)) return;
    const connections = (await deps.presence.connections(userId)).filter((on) => hears(on, call.cid));
    if (connectionsOf(member, connections).length > 0) await open(call, member, connections);
    else if (deps.answerGraceMs > 0) await watchForReturn(deps, [call.cid], userId);
  };
};
