import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay before the stack that can stop forwarding, as a phone's network does in a tunnel. */
export interface StalledRelay {
  /** The origin to connect to in place of the stack's. */
  readonly url: string;
  /** Forwards nothing from now on, in either direction, and closes nothing: neither end can tell. */
  stall(): void;
  /** Forwards again, on new connections: those from before are lost. */
  recover(): void;
  /** Cuts all its connections, and takes new ones. */
  cut(): void;
  /** Cuts all its connections and stops. */
  close(): void;
}

/** Starts a relay to the stack at `origin`, on a free port of 127.0.0.1. */
export async function stalledRelay(origin: string): Promise<StalledRelay> {
  const { hostname, port } = new URL(origin);
  const ends = new Set<Socket>();
  let isStalled = false;
  const forward = (from: Socket, to: Socket): void => {
    ends.add(from);
    from.on('data', (data) => to.write(data));
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
  };
  const cut = (): void => {
    for (const end of ends) end.destroy();
    ends.clear();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    forward(client, upstream);
    forward(upstream, client);
    if (isStalled) for (const end of [client, upstream]) end.pause();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the relay does not listen');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stall() {
      isStalled = true;
      for (const end of ends) end.pause();
    },
    recover() {
      isStalled = false;
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
}
