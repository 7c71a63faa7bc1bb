import type { Call } from '#domain/call/call.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import { type Delivery, isLost, isSent, isUnsure, type Peer, type PeerLink } from '#ports/peer-link.ts';
import { type Connection, hears, type PresenceStore } from '#ports/presence-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { setCatchUp, type VanishTimerDeps, watchForReturn } from '../timers/timers.ts';

export interface SendToUserDeps extends VanishTimerDeps {
  readonly presence: PresenceStore;
  readonly peers: PeerLink;
}

/** A connection this young may not be open yet: that it cannot be posted to says nothing. */
const OPENING_MS = 5 * SECOND_MS;

/** Whether a connection may not be open yet. */
export const isOpening = ({ connectedAt }: Pick<Connection, 'connectedAt'>, now: EpochMs): boolean =>
  now - connectedAt <= OPENING_MS;

/** Forgets a connection that has gone unheard. Whoever was in a call over it has a while to come back, as after `$disconnect`. */
export const forgetConnection =
  (deps: SendToUserDeps) =>
  async ({ id, userId }: Pick<Connection, 'id' | 'userId'>): Promise<void> => {
    const { busyLock } = await deps.presence.pending(userId, deps.clock());
    await watchForReturn(deps, busyLock ? [busyLock.cid] : [], userId);
    await deps.presence.removeConnection(userId, id);
  };

/** Posts events to one connection, in order, for whoever tries again if that fails. A connection that is gone is forgotten. */
export const postToConnection =
  (deps: SendToUserDeps) =>
  async (connection: Peer, events: readonly CallEvent[]): Promise<Delivery> => {
    const delivery = await deps.peers.send(connection, events);
    if (delivery === 'gone' && !isOpening(connection, deps.clock())) await forgetConnection(deps)(connection);
    return delivery;
  };

/** Sends events of a call to one connection, in order. If it cannot be posted to just now, it is told again soon how the call stands. */
export const sendToConnection = (deps: SendToUserDeps) => {
  const post = postToConnection(deps);
  return async (connection: Connection, cid: string, events: readonly CallEvent[]): Promise<Delivery> => {
    const delivery = await post(connection, events);
    const { id: connectionId, userId } = connection;
    if (isUnsure(delivery)) await setCatchUp(deps, { cid, userId, connectionId, attempt: 0 });
    return delivery;
  };
};

/** Events for connections of a user about one call. */
export interface Dispatch {
  readonly userId: string;
  readonly call: Pick<Call, 'cid' | 'status'>;
  readonly events: readonly CallEvent[];
}

/** How events reached one connection. */
export interface Sent {
  readonly connection: Connection;
  readonly delivery: Delivery;
}

/** Sends events to these connections of a user. A user who turns out to have lost one is watched for. */
export const sendToConnections = (deps: SendToUserDeps) => {
  const send = sendToConnection(deps);
  return async ({ userId, call, events }: Dispatch, connections: readonly Connection[]): Promise<Sent[]> => {
    const sent = await Promise.all(
      connections.map(async (connection) => ({ connection, delivery: await send(connection, call.cid, events) })),
    );
    if (call.status !== 'ended' && sent.some(({ delivery }) => delivery === 'gone'))
      await watchForReturn(deps, [call.cid], userId);
    return sent;
  };
};

/** Sends events to all connections of a user that hear of the call. */
export const sendToUser = (deps: SendToUserDeps) => {
  const send = sendToConnections(deps);
  return async (dispatch: Dispatch): Promise<Sent[]> => {
    const connections = await deps.presence.connections(dispatch.userId);
    return send(
      dispatch,
      connections.filter((connection) => hears(connection, dispatch.call.cid)),
    );
  };
};

/** How an event reached a connection, for the trace; nothing if it was not to reach it. */
export const deliveryTrace = ({
  connection,
  delivery,
  at,
  ...about
}: {
  readonly connection: Connection;
  readonly delivery: Delivery;
  readonly at: EpochMs;
  readonly type: string;
  readonly ring_id?: string;
}): TraceEvent[] => {
  if (!isSent(delivery) && !isLost(delivery)) return [];
  const event = isSent(delivery) ? 'event.delivered' : 'event.gone';
  const details = { connection_id: connection.id, dialect: connection.dialect, ...about };
  return [{ at, event, userId: connection.userId, details }];
};
