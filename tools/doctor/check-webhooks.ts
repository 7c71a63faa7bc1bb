import { reachable } from '#adapters/outgoing/networks.ts';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';
import type { Finding } from '#ports/checkup-store.ts';
import type { WebhooksToCheck } from './deployment.ts';
import { about } from './finding.ts';

/** Checks that every entry of the secret `webhooks` may be called, if the stage has events. */
export async function checkWebhooks(webhooks: WebhooksToCheck | undefined): Promise<Finding[]> {
  if (!webhooks) return [];
  const secret = about('secret webhooks');
  const faults: string[] = [];
  const book = webhookBook({
    read: () => webhooks.secret(),
    mayReach: reachable(webhooks.privateNetworks),
    onFault: (fault) => faults.push(fault),
  });
  const usable = await book.all().catch((error: unknown) => {
    // A secret that cannot be read is no empty one.
    if (faults.length === 0) throw error;
    return [];
  });
  if (faults.length > 0) return faults.map((fault) => secret.fix(fault));
  return [secret.good(usable.length === 0 ? 'names no webhook' : `has ${usable.length} that may be called`)];
}
