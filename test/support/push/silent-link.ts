import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A link to a server that can go silent. */
export interface SilentLink {
  readonly endpoint: string;
  /** Keeps the present connections open, but passes nothing on any more. New connections work. */
  goSilent(): void;
  close(): void;
}

/** Opens a link to `endpoint`. The first `silent` connections get no answer from the start. */
export async function aLinkTo(endpoint: string, { silent = 0 } = {}): Promise<SilentLink> {
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer((near) => {
    const far = connect(Number(new URL(endpoint).port), '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    opened += 1;
    if (opened > silent) near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    endpoint: `https://localhost:${typeof address === 'object' ? address?.port : ''}`,
    goSilent: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
