import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type RelayedConnection, relayConnection } from './relayed-connection.ts';

/** A port that forwards to another port of this machine, and whose connections can be held, forgotten or cut. */
export interface Relay {
  readonly port: number;
  /** The connections that are open now, oldest first. */
  connections(): RelayedConnection[];
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface and forwards to `targetPort`. `accepted` is called for each connection before any data passes. */
export async function openRelay(
  targetPort: number,
  accepted: (connection: RelayedConnection) => void = () => undefined,
): Promise<Relay> {
  const open = new Map<RelayedConnection, Socket[]>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const connection = relayConnection(client, upstream);
    const sockets = [client, upstream];
    open.set(connection, sockets);
    for (const socket of sockets) {
      socket.once('close', () => sockets.every(({ closed }) => closed) && open.delete(connection));
    }
    accepted(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has this address
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () => [...open.keys()],
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of [...open.values()].flat()) socket.destroy();
      await closed;
    },
  };
}
