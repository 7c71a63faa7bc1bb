import { ServiceError } from '#domain/errors.ts';
import type { WebhookLog } from '#ports/webhook-log.ts';
import type { Delivery } from '#ports/webhooks.ts';

export interface ReplayDeliveryDeps {
  readonly log: Pick<WebhookLog, 'replayOf'>;
  /** It takes only one replay of each try. */
  readonly replays: { send(deliveries: readonly Delivery[]): Promise<void> };
}

/** Has a webhook tried once more that failed, with the same event and its id. */
export const replayDelivery =
  ({ log, replays }: ReplayDeliveryDeps) =>
  async (place: string): Promise<void> => {
    const replay = await log.replayOf(place);
    if (!replay) throw new ServiceError('not_found', 'no failed delivery of the last day has this id');
    await replays.send([replay]);
  };
