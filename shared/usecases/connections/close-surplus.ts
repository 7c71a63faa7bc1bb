import type { Clock } from '#domain/time.ts';
import type { ConnectionCloser, PeerLink } from '#ports/peer-link.ts';
import type { Connection, PresenceStore } from '#ports/presence-store.ts';

export interface CloseSurplusDeps {
  readonly presence: PresenceStore;
  readonly peers: PeerLink & ConnectionCloser;
  readonly clock: Clock;
}

/** How many connections a user may have. */
const MAX_CONNECTIONS = 10;

/** Closes the oldest of a user's connections, if they have more than they may, and tells each why. */
export const closeSurplus =
  ({ presence, peers, clock }: CloseSurplusDeps) =>
  async (connections: readonly Connection[]): Promise<void> => {
    const newestFirst = connections.toSorted((a, b) => b.connectedAt - a.connectedAt);
    await Promise.all(
      newestFirst.slice(MAX_CONNECTIONS).map(async (connection) => {
        // First, so that nobody else closes it, too.
        await presence.removeConnection(connection.userId, connection.id);
        await peers.send(connection, [{ type: 'connection.replaced', at: clock() }]);
        await peers.close(connection);
      }),
    );
  };
