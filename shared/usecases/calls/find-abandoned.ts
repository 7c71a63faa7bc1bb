import { type Call, connectionsOf, isIn, memberOf } from '#domain/call/call.ts';
import type { Clock } from '#domain/time.ts';
import type { PeerLink } from '#ports/peer-link.ts';
import type { Connection, PresenceStore } from '#ports/presence-store.ts';
import { hears, isOpening } from '../connections/send-to-user.ts';
import { type VanishTimerDeps, watchForReturn } from '../timers/timers.ts';

export interface FindAbandonedDeps extends VanishTimerDeps {
  readonly presence: PresenceStore;
  readonly peers: PeerLink;
  readonly clock: Clock;
  /** How long a member who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

/**
 * Somebody is busy in an active call. If none of their connections is open any more, though nobody has told, they have
 * as long to come back as anybody whose connection is lost. An abandoned call holds nobody for longer than that.
 */
export const findAbandoned = (deps: FindAbandonedDeps) => {
  const isOpen = async (connection: Connection): Promise<boolean> => {
    if (isOpening(connection, deps.clock()) || (await deps.peers.isOpen(connection.id))) return true;
    await deps.presence.removeConnection(connection.userId, connection.id);
    return false;
  };
  return async (call: Call, userId: string): Promise<void> => {
    const member = memberOf(call, userId);
    if (call.status !== 'active' || !member || !isIn(member)) return;
    const connections = await deps.presence.connections(userId);
    const theirs = connectionsOf(
      member,
      connections.filter((connection) => hears(connection, call.cid)),
    );
    if (theirs.length === 0 && deps.answerGraceMs === 0) return;
    const open = await Promise.all(theirs.map(isOpen));
    if (!open.includes(true)) await watchForReturn(deps, [call.cid], userId);
  };
};
