import { once } from 'node:events';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as z from 'zod';
import { aService } from './a-service.ts';

const DELAY_MS = 100;

const started = z.object({ endpoint: z.string(), caPem: z.string() });

/** Starts a service in another thread, which keeps running while this one is frozen. It answers after 100 ms, with the number of connections so far. */
export async function aServiceBeside(): Promise<{ endpoint: string; received(): Promise<unknown>; close(): unknown }> {
  const worker = new Worker(new URL(import.meta.url));
  const [message] = await once(worker, 'message');
  const { endpoint, caPem } = started.parse(message);
  setDefaultCACertificates([...getCACertificates('bundled'), caPem]);
  return { endpoint, received: () => once(worker, 'message'), close: () => worker.terminate() };
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const { endpoint, caPem } = await aService(({ answer }, { sessions }) => {
    port.postMessage('received');
    setTimeout(() => answer(200, `${sessions.length}`), DELAY_MS);
  });
  port.postMessage({ endpoint, caPem });
}
