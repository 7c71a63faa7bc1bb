import type { Call } from '#domain/call/call.ts';
import { type Clock, type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { PeerLink } from '#ports/peer-link.ts';
import type { Connection, PresenceStore } from '#ports/presence-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type WatchDeps, watchForReturn } from './watch-for-return.ts';

export interface SendDeps {
  readonly presence: PresenceStore;
  readonly peers: PeerLink;
  readonly clock: Clock;
}

/** A connection this young may not be open yet: that it cannot be posted to is no verdict on it. */
const OPENING_MS = 5 * SECOND_MS;

/** Whether a connection may not be open yet. */
export const isOpening = ({ connectedAt }: Pick<Connection, 'connectedAt'>, now: EpochMs): boolean =>
  now - connectedAt <= OPENING_MS;

/** Whether a connection may hear of this call: one opened for a single call hears of no other. */
export const hears = ({ cid }: Connection, about: string): boolean => cid === undefined || cid === about;

/** What became of frames for one connection. */
export type Delivery = 'sent' | 'gone' | 'failed';

/** Posts frames to one connection, in order; a connection that is gone is forgotten. */
export const sendToConnection =
  ({ presence, peers, clock }: SendDeps) =>
  async (connection: Connection, frames: readonly object[]): Promise<Delivery> => {
    for (const frame of frames) {
      const told = await peers.post(connection.id, frame);
      if (told === 'sent') continue;
      if (told === 'gone' && !isOpening(connection, clock())) {
        await presence.removeConnection(connection.userId, connection.id);
      }
      return told;
    }
    return 'sent';
  };

/** How an event reached a connection, for the trace. */
export const deliveryTrace = (
  connection: Connection,
  told: Delivery,
  about: { readonly type: string; readonly ring_id?: string },
  clock: Clock,
): TraceEvent => ({
  at: clock(),
  event: told === 'sent' ? 'event.delivered' : 'event.gone',
  userId: connection.userId,
  details: { connection_id: connection.id, ...about },
});

/** Posts frames to every connection of a user that hears of the call; who turns out to have lost one is watched for. */
export const sendToUser = (deps: SendDeps & WatchDeps) => {
  const tell = sendToConnection(deps);
  return async (
    userId: string,
    call: Pick<Call, 'cid' | 'status'>,
    frames: readonly object[],
    fits: (connection: Connection) => boolean = () => true,
  ): Promise<{ connection: Connection; told: Delivery }[]> => {
    const { connections } = await deps.presence.reach(userId);
    const hearing = connections.filter((connection) => hears(connection, call.cid) && fits(connection));
    const all = await Promise.all(
      hearing.map(async (connection) => ({ connection, told: await tell(connection, frames) })),
    );
    if (all.some(({ told }) => told === 'gone')) await watchForReturn(deps, call, userId);
    return all;
  };
};
