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
  /** Ends the connection from this side. */
  close(code: number, reason: string): void;
  /** Cuts the connection as a network does: neither end hears of it, and no `$disconnect` is sent. */
  lose(): void;
  /** A message passed, in either direction. */
  active(): void;
}

/** The open connections by id; one whose `$connect` is still pending is not among them. */
export type Connections = Map<string, Connection>;

/** How long a connection may be idle, and live at all, in milliseconds. */
export interface Lifetimes {
  readonly idleMs: number;
  readonly lifeMs: number;
}
