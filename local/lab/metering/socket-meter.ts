import { KIB, startedUnits } from './units.ts';

/** A message is billed in units of this many bytes. */
const MESSAGE_UNIT_BYTES = 32 * KIB;

/** What API Gateway bills for WebSockets. */
export interface SocketUsage {
  /** In units of 32 KiB. `$connect` and `$disconnect` are left out, since no price list mentions them. */
  readonly messages_in: number;
  readonly messages_out: number;
  /** How many connections were opened. */
  readonly connections: number;
  /** The total time that connections were open, including those still open. */
  readonly connection_ms: number;
}

/** Counts messages and the time for which connections are open. */
export interface SocketMeter {
  received(text: string): void;
  sent(text: string): void;
  /** A connection has opened. The returned function must be called when it has closed. */
  opened(): () => void;
  report(): SocketUsage;
  reset(): void;
}

const units = (text: string): number => startedUnits(Buffer.byteLength(text), MESSAGE_UNIT_BYTES);

/** A meter at zero. */
export function socketMeter(): SocketMeter {
  let [messagesIn, messagesOut, connections, closedMs] = [0, 0, 0, 0];
  /** When each open connection was opened, or when the meter was last reset. */
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
