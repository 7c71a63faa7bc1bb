import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type PushProviders, parsePushProviders } from '#adapters/secrets/push-providers.ts';
import type { Clock } from '#domain/time.ts';
import { apnsFinding } from './apns-finding.ts';
import type { Deployment } from './deployment.ts';
import { fcmFinding } from './fcm-finding.ts';
import { about, type Finding } from './finding.ts';
import { trialDevice, trialPush } from './trial-push.ts';

/** Whether FCM and APNs take our pushes: one that nobody can receive, by each provider in the secret `push-providers`. */
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
  const names = [...firebase.map(([name]) => `firebase ${name}`), ...apn.map(([name]) => `apn ${name}`)];
  if (names.length + faults.length === 0) {
    return [
      secret.fix('is empty, so no phone can be rung: put a Firebase service account, an APNs key, or both into it'),
    ];
  }
  const checks = [
    ...firebase.map(([name, account]) => checkFcm(deployment, name, account, clock)),
    ...apn.map(([name, key]) => checkApns(deployment, name, key, clock)),
  ];
  const usable = names.length > 0 ? [secret.good(`has ${names.join(', ')}`)] : [];
  return [...usable, ...faults, ...(await Promise.all(checks)).flat()];
}

async function checkFcm(
  { pushEndpoints }: Deployment,
  name: string,
  account: PushProviders['firebase'][string],
  clock: Clock,
): Promise<Finding[]> {
  const sender = fcmSender({ account: async () => account, clock, endpoint: pushEndpoints.fcm, validateOnly: true });
  const outcome = await sender.send(trialDevice('firebase', name), trialPush(clock()));
  return [fcmFinding(name, account.project_id, outcome)];
}

async function checkApns(
  { pushEndpoints }: Deployment,
  name: string,
  of: PushProviders['apn'][string],
  clock: Clock,
): Promise<Finding[]> {
  const { apns: endpoint, apnsSandbox: sandboxEndpoint } = pushEndpoints;
  const voip = of.ios_ring === 'voip';
  const topic = voip ? `${of.bundle_id}.voip` : of.bundle_id;
  const sender = apnsSender({ key: async () => of, clock, endpoint, sandboxEndpoint });
  return Promise.all(
    [false, true].map(async (sandbox) => {
      const outcome = await sender.send({ ...trialDevice('apn', name), voip, sandbox }, trialPush(clock()));
      return apnsFinding(name, { sandbox, topic }, outcome);
    }),
  );
}
