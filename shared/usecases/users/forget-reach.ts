import type { EpochMs } from '#domain/time.ts';
import type { ConnectionCloser, PeerLink } from '#ports/peer-link.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import { evictions, type Queue, type RoomJob } from '#ports/queues.ts';
import { type CloseConnectionDeps, closeConnection } from '../connections/close-connection.ts';
import { type StopRemovedDeps, stopRemoved } from '../devices/stop-removed.ts';

export interface ForgetReachDeps extends CloseConnectionDeps, StopRemovedDeps {
  readonly peers: PeerLink & ConnectionCloser;
  readonly pushTokens: PushTokenStore;
  readonly roomJobs: Queue<RoomJob>;
}

/**
 * Closes all connections of a user from before `at`, in rooms, too, and forgets all their devices from before, which fall silent
 * first. Whoever was in a call has the usual grace to come back to it, with a token of later.
 */
export const forgetReach = (deps: ForgetReachDeps) => {
  const silence = stopRemoved(deps);
  const close = closeConnection(deps);
  return async (userId: string, at: EpochMs): Promise<void> => {
    const { connections, seats, pushTokens } = await deps.presence.reach(userId);
    const closing = connections.filter(({ connectedAt }) => connectedAt < at);
    const occupied = seats.filter(({ connectedAt }) => connectedAt < at);
    const leaving = pushTokens.filter(({ refreshedAt }) => refreshedAt < at);
    await silence(leaving, 'signed_out');
    await Promise.all([
      deps.roomJobs.send(evictions(occupied, 'signed_out')),
      ...leaving.map((pushToken) => deps.pushTokens.removeIfUnchanged(pushToken, 'signed_out')),
      ...closing.map(async (connection) => {
        await deps.peers.close(connection);
        // `$disconnect` may never come.
        await close({ ...connection, connectionId: connection.id });
      }),
    ]);
  };
};
