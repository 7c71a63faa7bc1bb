import type { CallEvent } from './call-event.ts';
import type { Connection } from './presence-store.ts';

/** What became of something posted to a connection: `gone` if it is closed or not open yet, `failed` if it could not be posted just now. */
export type Delivery = 'sent' | 'gone' | 'failed';

/** Whom to post to, and in which dialect. */
export type Peer = Pick<Connection, 'id' | 'userId' | 'dialect'>;

/** The sockets of everybody who is connected. */
export interface PeerLink {
  /** Posts events to one connection in its dialect, in order, and stops at the first that is not `sent`. */
  send(peer: Peer, events: readonly CallEvent[]): Promise<Delivery>;
  /** Whether the connection is open. If that cannot be found out, it is taken to be. */
  isOpen(connectionId: string): Promise<boolean>;
  /** Closes the connection, if it is open. */
  close(connectionId: string): Promise<void>;
}
