import { KIB, startedUnits } from './units.ts';

/** A message of up to so many bytes is billed as one. */
const MESSAGE_UNIT_BYTES = 32 * KIB;

/** What API Gateway bills for WebSockets. */
export interface SocketUsage {
  /** In units of 32 KiB; `$connect` and `$disconnect`, of which no price says a word, are not among them. */
  readonly messages_in: number;
  readonly messages_out: number;
  /** How many were opened. */
  readonly connections: number;
  /** For how long connections were open, those that still are included. */
  readonly connection_ms: number;
}

/** Counts messages and the time for which connections are open. */
export interface SocketMeter {
  received(text: string): void;
  sent(text: string): void;
  /** A connection has opened; to be called back when it has closed. */
  opened(): () => void;
  report(): SocketUsage;
  reset(): void;
}

const units = (text: string): number => startedUnits(Buffer.byteLength(text), MESSAGE_UNIT_BYTES);

/** A meter at zero. */
export function socketMeter(): SocketMeter {
  let [messagesIn, messagesOut, connections, closedMs] = [0, 0, 0, 0];
  /** When each open connection opened, or the meter was reset after that. */
  const open = new Map<symbol, number>();
  return {
    received(text) {
      messagesIn += units(text);
    },
    sent(text) {
      messagesOut += units(text);
    },
    opened() {
      const connection = Symbol('connection');
      connections += 1;
      open.set(connection, performance.now());
      return () => {
        closedMs += performance.now() - (open.get(connection) ?? performance.now());
        open.delete(connection);
      };
    },
    report() {
      const now = performance.now();
      const openMs = [...open.values()].reduce((ms, since) => ms + now - since, 0);
      const connection_ms = Math.round(closedMs + openMs);
      return { messages_in: messagesIn, messages_out: messagesOut, connections, connection_ms };
    },
    reset() {
      [messagesIn, messagesOut, connections, closedMs] = [0, 0, 0, 0];
      const now = performance.now();
      for (const connection of open.keys()) open.set(connection, now);
    },
  };
}
