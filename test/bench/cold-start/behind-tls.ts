import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { ServerIdentity } from '#local/push/certificates.ts';

/** A service behind `https`, like those of AWS. */
export interface BehindTls {
  readonly url: string;
  stop(): void;
}

/** Serves `url` over `https` on this machine. Over plain HTTP a function would load other modules of Node, and need no TLS handshake. */
export async function behindTls(url: string, { keyPem, certificatePem }: ServerIdentity): Promise<BehindTls> {
  const port = Number(new URL(url).port);
  const open = new Set<TLSSocket>();
  const server = createServer({ key: keyPem, cert: certificatePem, noDelay: true }, (socket) => {
    open.add(socket);
    const inner = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.pipe(inner).pipe(socket);
    // Processes of functions are killed at any moment.
    socket.once('error', () => inner.destroy());
    inner.once('error', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      inner.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    url: `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
