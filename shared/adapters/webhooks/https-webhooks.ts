import { type Clock, SECOND_MS, toEpochSeconds } from '#domain/time.ts';
import { type Outgoing, OutgoingError } from '#ports/outgoing.ts';
import type { WebhookCaller } from '#ports/webhooks.ts';
import { signed } from '#wire/webhook/signed.ts';

/** How long a try may take. */
const LIMIT_MS = 5 * SECOND_MS;

export interface HttpsWebhooksOptions {
  readonly outgoing: Outgoing;
  readonly clock: Clock;
}

/** Webhooks over HTTPS, signed as Standard Webhooks are. Whatever 2xx answers is taken, and nothing of the answer is read but its status. */
export const httpsWebhooks = ({ outgoing, clock }: HttpsWebhooksOptions): WebhookCaller => ({
  async call({ url, secrets }, { id, body }) {
    const headers = signed(secrets, { id, timestamp: toEpochSeconds(clock()), body });
    try {
      const { status } = await outgoing.send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', 'user-agent': 'carillon', ...headers },
        body,
        timeoutMs: LIMIT_MS,
        maxBytes: 'status alone',
      });
      const isTaken = status >= 200 && status <= 299;
      return isTaken ? { kind: 'taken', status } : { kind: 'failed', fault: `status ${status}`, status };
    } catch (error) {
      return { kind: 'failed', fault: error instanceof OutgoingError ? error.fault : 'not_sent' };
    }
  },
});
