import { openRelay, type Relay } from './relay.ts';

/** How the network between the functions and the push services behaves. */
export interface Network {
  /** Connections of a process that was frozen for longer are forgotten, as by a NAT or a load balancer. Undefined: none are. */
  dropFrozenAfterMs: number | undefined;
}

/** The outbound connections of one process. What it sends gets through; what comes back waits while the process is frozen. */
export interface Egress {
  /** The addresses that this process must use instead, by the name of their variable. */
  readonly environment: Readonly<Record<string, string>>;
  freeze(): void;
  /** Passes on what has arrived meanwhile, or forgets the connections if they were frozen for too long. */
  thaw(): void;
  close(): void;
}

/** Opens the outbound connections of one process to `endpoints`: URLs on this machine, by the name of their variable. */
export async function openEgress(endpoints: Readonly<Record<string, string>>, network: Network): Promise<Egress> {
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
    thaw() {
      if (frozenAt === undefined) return;
      const isLost = Date.now() - frozenAt >= (network.dropFrozenAfterMs ?? Number.POSITIVE_INFINITY);
      frozenAt = undefined;
      for (const connection of connections()) {
        if (isLost) connection.forget();
        else connection.release();
      }
    },
    close() {
      for (const [, , relay] of relays) void relay.close();
    },
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.origin;
}
