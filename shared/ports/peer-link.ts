import type { CallEvent } from './call-event.ts';
import type { Connection } from './presence-store.ts';

/**
 * What became of events for a connection: `more` if they were sent and others ring its user, of whom its phone is to be told
 * soon, `gone` if it is closed or not open yet, `failed` if it could not be posted to just
 * now, `underway` if somebody else is about to say it, `held` if its dialect says it once it can, `untold` if its dialect has no word for the call.
 */
export type Delivery = 'sent' | 'more' | 'gone' | 'failed' | 'underway' | 'held' | 'untold';

/** Whether the events did not leave: the connection is closed, or cannot be posted to just now. */
export const isLost = (delivery: Delivery): boolean => delivery === 'gone' || delivery === 'failed';

/** Whether the events were sent. */
export const isSent = (delivery: Delivery): boolean => delivery === 'sent' || delivery === 'more';

/**
 * Whether the connection is to be told again soon: it could not be posted to, there is more to tell, or whoever is about to
 * tell it may crash before.
 */
export const isUnsure = (delivery: Delivery): boolean => ['failed', 'more', 'underway'].includes(delivery);

/** How it went on the whole if a connection was told several things one after the other, and none was lost. */
export const overall = (deliveries: readonly Delivery[]): Delivery =>
  (['more', 'underway', 'sent', 'held'] as const).find((one) => deliveries.includes(one)) ?? 'untold';

/** Whom to post to, in which dialect, on which handset they are, and the one call that they may be told about. */
export type Peer = Pick<
  Connection,
  'id' | 'userId' | 'cid' | 'dialect' | 'hardwareId' | 'sessionId' | 'connectedAt' | 'tokenFingerprint'
>;

/** The sockets of everybody who is connected. */
export interface PeerLink {
  /** Posts events to one connection in its dialect, in order, and stops at the first that cannot be posted. */
  send(peer: Peer, events: readonly CallEvent[]): Promise<Delivery>;
  /** Whether the connection is open. If that cannot be found out, it is taken to be. */
  isOpen(connection: Pick<Connection, 'id' | 'dialect'>): Promise<boolean>;
}

/** Ends connections. */
export interface ConnectionCloser {
  /** Ends a connection for good: its client does not come back by itself. */
  close(connection: Pick<Connection, 'id' | 'dialect'>): Promise<void>;
}
