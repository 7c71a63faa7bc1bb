import { type Call, isIn, memberOf } from '#domain/call/call.ts';
import type { Connection } from '#ports/presence-store.ts';
import { hears, isOpening, type SendDeps } from '../connections/send-to-user.ts';
import { type WatchDeps, watchForReturn } from '../connections/watch-for-return.ts';

export interface FindAbandonedDeps extends SendDeps, WatchDeps {
  /** How long one who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

/**
 * Somebody is busy in an active call: where none of their connections is open any more, though nobody has told, they
 * have as long to come back as anybody whose connection is lost. An abandoned call holds nobody for longer than that.
 */
export async function findAbandoned(deps: FindAbandonedDeps, call: Call, userId: string): Promise<void> {
  const member = memberOf(call, userId);
  if (call.status !== 'active' || !member || !isIn(member)) return;
  const { connections } = await deps.presence.reach(userId);
  const theirs = connections.filter((connection) => hears(connection, call.cid));
  if (theirs.length === 0 && deps.answerGraceMs === 0) return;
  const open = await Promise.all(theirs.map((connection) => isOpen(deps, connection)));
  if (!open.includes(true)) await watchForReturn(deps, call, userId);
}

async function isOpen(deps: FindAbandonedDeps, connection: Connection): Promise<boolean> {
  if (isOpening(connection, deps.clock()) || (await deps.peers.isOpen(connection.id))) return true;
  await deps.presence.removeConnection(connection.userId, connection.id);
  return false;
}
