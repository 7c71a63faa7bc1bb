import { apnsLibrarySender } from '#adapters/apns/library-sender.ts';
import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmLibrarySender } from '#adapters/fcm/library-sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type PushProviders, parsePushProviders } from '#adapters/secrets/push-providers.ts';
import type { Clock } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { apnsFinding } from './apns-finding.ts';
import { byEngines } from './by-engines.ts';
import type { Deployment } from './deployment.ts';
import { fcmFinding } from './fcm-finding.ts';
import { about } from './finding.ts';
import { trialDevice, trialPush } from './trial-push.ts';

/**
 * Checks that FCM and APNs accept a push of each provider in the secret `push-providers`, which nobody can receive, by both
 * engines, and that VAPID keys belong together.
 */
export async function checkPush(deployment: Deployment, clock: Clock): Promise<Finding[]> {
  const secret = about('secret push-providers');
  const text = await deployment.secret('push-providers');
  let providers: PushProviders;
  try {
    providers = parsePushProviders(text);
  } catch (error) {
    return [secret.fix(`${error instanceof Error ? error.message : error}`)];
  }
  const faults = Object.values(providers.faults).map((fault) => secret.fix(fault));
  const [firebase, apn] = [Object.entries(providers.firebase), Object.entries(providers.apn)];
  const webPush = Object.entries(providers.webpush);
  const names = [
    ...firebase.map(([name]) => `firebase ${name}`),
    ...apn.map(([name]) => `apn ${name}`),
    ...webPush.map(([name]) => `webpush ${name}`),
  ];
  if (names.length + faults.length === 0) {
    return [
      secret.fix(
        'is empty, so no phone can be rung: put a Firebase service account, an APNs key or VAPID keys into it',
      ),
    ];
  }
  const trial = { endpoints: deployment.pushEndpoints, clock };
  const checks = [
    ...firebase.map(([name, account]) => checkFcm(name, account, trial)),
    ...apn.map(([name, key]) => checkApns(name, key, trial)),
  ];
  const usable = names.length > 0 ? [secret.good(`has ${names.join(', ')}`)] : [];
  // Whoever made these keys is known by them: there is no account that could be asked.
  const signs = webPush.map(([name, { subject }]) =>
    about(`webpush ${name}`).good(`has VAPID keys that belong together, of ${subject}`),
  );
  return [...usable, ...faults, ...(await Promise.all(checks)).flat(), ...signs];
}

/** What a trial push needs besides the provider. */
interface Trial {
  readonly endpoints: Deployment['pushEndpoints'];
  readonly clock: Clock;
}

function checkFcm(
  name: string,
  account: PushProviders['firebase'][string],
  { endpoints, clock }: Trial,
): Promise<Finding> {
  const options = { account: async () => account, clock, endpoint: endpoints.fcm, validateOnly: true };
  const senders = { carillon: fcmSender(options), library: fcmLibrarySender(options) };
  return byEngines({
    library: 'firebase-admin',
    chosen: account.engine,
    findingOf: async (engine) =>
      fcmFinding(name, account, await senders[engine].send(trialDevice('firebase', name), trialPush(clock()))),
  });
}

async function checkApns(
  name: string,
  key: PushProviders['apn'][string],
  { endpoints: { apns: endpoint, apnsSandbox: sandboxEndpoint }, clock }: Trial,
): Promise<Finding[]> {
  const voip = key.ios_ring === 'voip';
  const topic = voip ? `${key.bundle_id}.voip` : key.bundle_id;
  const options = { key: async () => key, clock, endpoint, sandboxEndpoint };
  const senders = { carillon: apnsSender(options), library: apnsLibrarySender(options) };
  return Promise.all(
    [false, true].map((sandbox) =>
      byEngines({
        library: 'node-apn',
        chosen: key.engine,
        async findingOf(engine) {
          const device = { ...trialDevice('apn', name), voip, sandbox };
          return apnsFinding(name, { sandbox, topic }, await senders[engine].send(device, trialPush(clock())));
        },
      }),
    ),
  );
}
