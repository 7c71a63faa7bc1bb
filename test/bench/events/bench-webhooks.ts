import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { makeServerIdentity } from '#local/push/certificates.ts';

/** Webhooks that take requests and never answer. */
export interface DeadWebhooks {
  /** What a stack is started with to call them. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests they have got. */
  requests(): number;
  stop(): void;
}

const CA = '.cache/bench-dead-webhooks.pem';

/** Starts so many, each of which wants all events. */
export async function startDeadWebhooks(many: number): Promise<DeadWebhooks> {
  const { keyPem, certificatePem, caPem } = await makeServerIdentity('Dead webhooks');
  await writeFile(CA, caPem);
  let requests = 0;
  const server = createServer({ key: keyPem, cert: certificatePem }, () => {
    requests += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the webhooks do not listen');
  const webhooks = Array.from({ length: many }, (_, i) => ({
    url: `https://127.0.0.1:${address.port}/dead-${i}`,
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
