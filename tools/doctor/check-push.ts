import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type PushProviders, parsePushProviders } from '#adapters/secrets/push-providers.ts';
import type { Clock } from '#domain/time.ts';
import { apnsFinding } from './apns-finding.ts';
import type { Deployment } from './deployment.ts';
import { fcmFinding } from './fcm-finding.ts';
import { about, type Finding } from './finding.ts';
import { trialDevice, trialPush } from './trial-push.ts';

/** Checks that FCM and APNs accept a push of each provider in the secret `push-providers`, which nobody can receive, and that VAPID keys belong together. */
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

async function checkFcm(
  name: string,
  account: PushProviders['firebase'][string],
  { endpoints, clock }: Trial,
): Promise<Finding[]> {
  const sender = fcmSender({ account: async () => account, clock, endpoint: endpoints.fcm, validateOnly: true });
  const outcome = await sender.send(trialDevice('firebase', name), trialPush(clock()));
  return [fcmFinding(name, account.project_id, outcome)];
}

async function checkApns(
  name: string,
  key: PushProviders['apn'][string],
  { endpoints: { apns: endpoint, apnsSandbox: sandboxEndpoint }, clock }: Trial,
): Promise<Finding[]> {
  const voip = key.ios_ring === 'voip';
  const topic = voip ? `${key.bundle_id}.voip` : key.bundle_id;
  const sender = apnsSender({ key: async () => key, clock, endpoint, sandboxEndpoint });
  return Promise.all(
    [false, true].map(async (sandbox) => {
      const outcome = await sender.send({ ...trialDevice('apn', name), voip, sandbox }, trialPush(clock()));
      return apnsFinding(name, { sandbox, topic }, outcome);
    }),
  );
}
