import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import type * as z from 'zod';
import { apnsLibrarySender } from '#adapters/apns/library-sender.ts';
import { apnsSender } from '#adapters/apns/sender.ts';
import { dynamoProviderFaults } from '#adapters/dynamodb/provider-faults.ts';
import { fcmLibrarySender } from '#adapters/fcm/library-sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type ProviderBook, providerBook } from '#adapters/secrets/provider-book.ts';
import type { Engine } from '#adapters/secrets/push-providers.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { webPushSender } from '#adapters/webpush/sender.ts';
import { once } from '#domain/once.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { PushSender, WarmSender } from '#ports/push-sender.ts';
import type { RingJob, TimerJob } from '#ports/queues.ts';
import { breaker } from '#usecases/push/breaker.ts';
import { notifyMember } from '#usecases/ringing/notify-member.ts';
import { retryPush } from '#usecases/ringing/retry-push.ts';
import { retryStopOrNotice } from '#usecases/ringing/retry-stop-or-notice.ts';
import { ringMember } from '#usecases/ringing/ring-member.ts';
import { silenceMember } from '#usecases/ringing/silence-member.ts';
import { silenceRemoved } from '#usecases/ringing/silence-removed.ts';
import { readEnv } from '../entry/env.ts';
import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';
import { ringEnv } from './config.ts';
import { clock, mintOf, pause, stores } from './wiring.ts';

/**
 * How long each address of a push service may take to accept a connection. From a far region that is one round trip of up
 * to 300 ms. Node's default is 250 ms, so it would give up on every address in turn.
 */
const ADDRESS_MS = 700;

/** What the ring function does. It is in a file of its own so that no other function bundles the push senders. */
export const ringUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(ringEnv);
  setDefaultAutoSelectFamilyAttemptTimeout(ADDRESS_MS);
  const base = stores(env);
  const providers = providerBook({
    read: (options) => readSecret(env.PUSH_PROVIDERS_SECRET, options),
    clock,
    onFault: (fault) => log.error('push providers are not usable', { fault }),
  });
  const services = pushServices(env, providers);
  const sqs = sqsClient();
  const deps = {
    ...base,
    providers,
    mint: mintOf(env),
    ringJobs: sqsQueue<RingJob>(sqs, env.RING_QUEUE_URL),
    timers: sqsQueue<TimerJob>(sqs, env.DEADLINE_QUEUE_URL),
    vanishGraceMs: env.VANISH_GRACE_S * SECOND_MS,
    sender: breaker({
      sender: services.sender,
      providers,
      faults: dynamoProviderFaults(base.table),
      clock,
      meter,
    }),
    random: Math.random,
    wait: pause,
    meter,
  };
  return {
    ringMember: ringMember(deps),
    retryPush: retryPush(deps),
    silenceMember: silenceMember(deps),
    notifyMember: notifyMember(deps),
    retryStopOrNotice: retryStopOrNotice(deps),
    silenceRemoved: silenceRemoved(deps),
    warm: services.warm,
  };
});

/** Connects to the push services while the function initialises, so that no ring waits for it. If it fails, the first push reports why. */
export async function connectEarly(): Promise<void> {
  try {
    await ringUseCases().warm();
  } catch {
    // A function that is not configured cannot connect, and reports that with its first event.
  }
}

/** Sends by the engine that a provider asks for. */
function byEngine(
  providerOf: (name: string) => Promise<{ readonly engine: Engine } | undefined>,
  engines: Readonly<Record<Engine, WarmSender>>,
): WarmSender {
  const engineOf = async (name: string): Promise<WarmSender> => engines[(await providerOf(name))?.engine ?? 'carillon'];
  return {
    warm: async (name) => (await engineOf(name)).warm(name),
    send: async (pushToken, push) => (await engineOf(pushToken.providerName)).send(pushToken, push),
  };
}

interface PushServices {
  readonly sender: PushSender;
  /** Connects to the service of every configured provider. */
  warm(): Promise<void>;
}

function pushServices(env: z.output<ReturnType<typeof ringEnv>>, providers: ProviderBook): PushServices {
  const toFcm = { account: providers.firebase, clock, endpoint: env.CARILLON_FCM_ENDPOINT };
  const toApns = {
    key: providers.apn,
    clock,
    endpoint: env.CARILLON_APNS_ENDPOINT,
    sandboxEndpoint: env.CARILLON_APNS_SANDBOX_ENDPOINT ?? env.CARILLON_APNS_ENDPOINT,
  };
  const fcm = byEngine(providers.firebase, { carillon: fcmSender(toFcm), library: fcmLibrarySender(toFcm) });
  const apns = byEngine(providers.apn, { carillon: apnsSender(toApns), library: apnsLibrarySender(toApns) });
  const webPush = webPushSender({ account: providers.webpush, clock, hosts: env.WEB_PUSH_HOSTS });
  const send: PushSender['send'] = async (pushToken, push) => {
    const fault = await providers.faultOf(pushToken.provider, pushToken.providerName);
    if (fault?.unconfigured) return { kind: 'withheld', ...fault };
    if (fault) return { kind: 'refused', status: 0, reason: fault.reason };
    switch (pushToken.provider) {
      case 'firebase':
        return fcm.send(pushToken, push);
      case 'apn':
        return apns.send(pushToken, push);
      case 'webpush':
        return webPush.send(pushToken, push);
    }
  };
  return {
    sender: {
      send: (pushToken, push) =>
        send(pushToken, push).catch((error: unknown) => {
          log.error('a push could not be sent', { provider: pushToken.provider, error: described(error) });
          throw error;
        }),
    },
    async warm() {
      const { firebase, apn } = await providers.names();
      await Promise.all([...firebase.map(fcm.warm), ...apn.map(apns.warm)]);
    },
  };
}
