import type { Clock } from '#domain/time.ts';
import type { ConnectionCloser, PeerLink } from '#ports/peer-link.ts';
import { type Open, type PresenceStore, surplusOf } from '#ports/presence-store.ts';
import { evictions, type Queue, type RoomJob, type SurplusJob } from '#ports/queues.ts';
import { forgetConnection, type SendToUserDeps } from './send-to-user.ts';

export interface CloseSurplusDeps extends SendToUserDeps {
  readonly presence: PresenceStore;
  readonly peers: PeerLink & ConnectionCloser;
  readonly roomJobs: Queue<RoomJob>;
  readonly clock: Clock;
}

/** Closes the oldest of a user's connections, if they have more than they may, and tells each why. */
export const closeSurplus = (deps: CloseSurplusDeps) => {
  const { peers, roomJobs, clock } = deps;
  const forget = forgetConnection(deps);
  return async (open: Open): Promise<void> => {
    const { connections, seats } = surplusOf(open);
    await Promise.all([
      ...connections.map(async (connection) => {
        // First, so that nobody else closes it, too.
        await forget(connection);
        await peers.send(connection, [{ type: 'connection.replaced', at: clock() }]);
        await peers.close(connection);
      }),
      roomJobs.send(evictions(seats, 'replaced')),
    ]);
  };
};

/** The same for a user whose newest connection is in a room. */
export const closeSurplusOf = (deps: CloseSurplusDeps) => {
  const close = closeSurplus(deps);
  return async ({ userId }: SurplusJob): Promise<void> => close(await deps.presence.pending(userId, deps.clock()));
};
