import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { makeServerIdentity } from '#local/push/certificates.ts';

/** Webhooks of a bench. */
export interface BenchWebhooks {
  /** What a stack is started with to call them. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests they have got. */
  requests(): number;
  stop(): void;
}

const CA = '.cache/bench-webhooks.pem';

/** Starts so many, each of which wants all events. A `dead` one takes requests and never answers. */
export async function startWebhooks(many: number, isDead: boolean): Promise<BenchWebhooks> {
  const { keyPem, certificatePem, caPem } = await makeServerIdentity('Webhooks');
  await writeFile(CA, caPem);
  let requests = 0;
  const server = createServer({ key: keyPem, cert: certificatePem }, (_, response) => {
    requests += 1;
    if (!isDead) response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the webhooks do not listen');
  const webhooks = Array.from({ length: many }, (_, i) => ({
    url: `https://127.0.0.1:${address.port}/hook-${i}`,
    secret: `whsec_${randomBytes(24).toString('base64')}`,
  }));
  return {
    env: { CARILLON_WEBHOOKS: JSON.stringify(webhooks), NODE_EXTRA_CA_CERTS: CA },
    requests: () => requests,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
