import { openRelay, type Relay } from './relay.ts';

/** What happens on the way between a function and the outside world. */
export interface Network {
  /** A connection whose process was frozen for longer than this is forgotten, as NATs and load balancers do; undefined: none is. */
  dropFrozenAfterMs: number | undefined;
}

/** The way out of one process: what it sends to these endpoints passes, and what comes back waits while the process is frozen. */
export interface Outlet {
  /** The endpoints as this process is to know them, by the name of their variable. */
  readonly environment: Readonly<Record<string, string>>;
  freeze(): void;
  /** Resolves when what has arrived meanwhile, data before ends, lies ready for the process to read. */
  thaw(): Promise<void>;
  close(): void;
}

/** The first turn of the event loop is half over; in the second one what waited is read and passed on, in the third one its end. */
const TURNS = 3;

/** Opens the way of one process to `endpoints`, urls on this machine by the name of their variable. */
export async function openOutlet(endpoints: Readonly<Record<string, string>>, network: Network): Promise<Outlet> {
  const relays = await Promise.all(
    Object.entries(endpoints).map(
      async ([name, url]): Promise<[string, string, Relay]> => [name, url, await openRelay(Number(new URL(url).port))],
    ),
  );
  const connections = () => relays.flatMap(([, , relay]) => relay.connections());
  let frozenAt: number | undefined;
  return {
    environment: Object.fromEntries(relays.map(([name, url, { port }]) => [name, withPort(url, port)])),
    freeze() {
      frozenAt = Date.now();
      for (const connection of connections()) connection.hold();
    },
    async thaw() {
      if (frozenAt === undefined) return;
      const isLost = Date.now() - frozenAt >= (network.dropFrozenAfterMs ?? Number.POSITIVE_INFINITY);
      frozenAt = undefined;
      for (const connection of connections()) {
        if (isLost) connection.forget();
        else connection.release();
      }
      for (let turn = 0; turn < TURNS; turn += 1) await turnOfTheEventLoop();
    },
    close() {
      for (const [, , relay] of relays) void relay.close();
    },
  };
}

const turnOfTheEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.origin;
}
