import { isPushService } from '#domain/push-token/web-push-service.ts';
import type { Clock } from '#domain/time.ts';
import type { PushSender } from '#ports/push-sender.ts';
import type { PushFormat } from '#wire/push/format.ts';
import { type Channel, http2Channel } from '../http2/channel.ts';
import { webPushOutcome } from './outcome.ts';
import { webPushRequest } from './request.ts';
import { type VapidKeys, vapidAuthorization } from './vapid.ts';

/** Who sends, and in which payload format. */
export interface WebPushAccount extends VapidKeys {
  /** `carillon` if it is absent. */
  readonly format?: PushFormat | undefined;
}

export interface WebPushSenderOptions {
  /** The keys of a named push provider, as configured now. */
  readonly account: (name: string) => Promise<WebPushAccount | undefined>;
  readonly clock: Clock;
  /** The hosts of push services. No other is ever called. */
  readonly hosts: readonly string[];
}

/** One attempt must leave time for others before the ring is over. */
const ATTEMPT_MS = 3000;

/** Browsers have few push services, but one of them has many hosts. */
const MAX_CHANNELS = 32;

/** Pushes to browsers through their own push services, over a channel to each. */
export function webPushSender({ account, clock, hosts }: WebPushSenderOptions): PushSender {
  const channels = new Map<string, Channel>();
  const channelTo = (origin: string): Channel => {
    const known = channels.get(origin);
    if (known) return known;
    const [oldest] = channels.keys();
    if (oldest !== undefined && channels.size >= MAX_CHANNELS) channels.delete(oldest);
    const channel = http2Channel(origin);
    channels.set(origin, channel);
    return channel;
  };
  return {
    async send(pushToken, push) {
      const configured = await account(pushToken.providerName);
      if (!configured) return { kind: 'refused', status: 0, reason: `no webpush provider ${pushToken.providerName}` };
      if (!isPushService(pushToken.token, hosts))
        return { kind: 'refused', status: 0, reason: 'the endpoint is at no push service that this deployment knows' };
      const { origin, pathname, search } = new URL(pushToken.token);
      const now = clock();
      const { headers, body } = webPushRequest({ pushToken, push, format: configured.format, now });
      const authorization = await vapidAuthorization(configured, origin, now);
      const request = { path: pathname + search, headers: { ...headers, authorization }, body };
      return webPushOutcome(await channelTo(origin).send(request, ATTEMPT_MS), clock());
    },
  };
}
