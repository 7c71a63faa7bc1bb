import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServerIdentity } from '#local/push/certificates.ts';

/** An HTTPS server of an app on this machine, which a stack is to call. */
export interface HttpsEndpoint {
  readonly url: string;
  /** The environment of a stack that trusts it. */
  readonly trust: { readonly NODE_EXTRA_CA_CERTS: string };
  close(): void;
}

/** Starts one, which answers so. */
export async function httpsEndpoint(answer: RequestListener): Promise<HttpsEndpoint> {
  const { keyPem, certificatePem, caPem } = await makeServerIdentity('An app');
  const server = createServer({ key: keyPem, cert: certificatePem }, answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the endpoint does not listen');
  const file = join(tmpdir(), `endpoint-${randomUUID()}.pem`);
  writeFileSync(file, caPem);
  return {
    url: `https://127.0.0.1:${address.port}`,
    trust: { NODE_EXTRA_CA_CERTS: file },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
