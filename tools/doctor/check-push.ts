import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type PushProviders, parsePushProviders } from '#adapters/secrets/push-providers.ts';
import type { Clock } from '#domain/time.ts';
import { apnsFinding } from './apns-finding.ts';
import type { Deployment } from './deployment.ts';
import { fcmFinding } from './fcm-finding.ts';
import { about, type Finding } from './finding.ts';
import { keyFault } from './key-fault.ts';
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
  const [firebase, apn] = [Object.entries(providers.firebase), Object.entries(providers.apn)];
  if (firebase.length + apn.length === 0) {
    return [
      secret.fix('is empty, so no phone can be rung: put a Firebase service account, an APNs key, or both into it'),
    ];
  }
  const names = [...firebase.map(([name]) => `firebase ${name}`), ...apn.map(([name]) => `apn ${name}`)];
  const checks = [
    ...firebase.map(([name, account]) => checkFcm(deployment, name, account, clock)),
    ...apn.map(([name, key]) => checkApns(deployment, name, key, clock)),
  ];
  return [secret.good(`has ${names.join(', ')}`), ...(await Promise.all(checks)).flat()];
}

async function checkFcm(
  { pushEndpoints }: Deployment,
  name: string,
  account: PushProviders['firebase'][string],
  clock: Clock,
): Promise<Finding[]> {
  const fault = keyFault(account.private_key, 'rsa');
  if (fault !== undefined) return [about(`firebase ${name}`).fix(`private_key ${fault}`)];
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
  const fault = keyFault(of.key, 'ec');
  if (fault !== undefined) return [about(`apn ${name}`).fix(`key ${fault}`)];
  const { apns: endpoint, apnsSandbox: sandboxEndpoint } = pushEndpoints;
  const sender = apnsSender({ key: async () => of, clock, endpoint, sandboxEndpoint });
  return Promise.all(
    [false, true].map(async (sandbox) => {
      const outcome = await sender.send({ ...trialDevice('apn', name), sandbox }, trialPush(clock()));
      return apnsFinding(name, sandbox, of.bundle_id, outcome);
    }),
  );
}
