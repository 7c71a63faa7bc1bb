import type { WebSocket } from 'ws';

/** A client's open socket. */
export interface Connection {
  readonly id: string;
  readonly connectedAt: number;
  readonly userAgent: string;
  lastActiveAt: number;
  readonly socket: WebSocket;
  /** Sends the client a message. */
  send(text: string): void;
  /** Closes the connection from the server's side. */
  close(code: number, reason: string): void;
  /** Cuts the connection the way a network does: neither end is told, and no `$disconnect` is sent. */
  lose(): void;
  /** Records that a message passed, in either direction. */
  active(): void;
}

/** The open connections by id, without those whose `$connect` is still pending. */
export type Connections = Map<string, Connection>;

/** How long a connection may be idle, and how long it may last, in milliseconds. */
export interface Lifetimes {
  readonly idleMs: number;
  readonly lifeMs: number;
}
