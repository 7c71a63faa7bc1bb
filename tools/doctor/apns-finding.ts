import type { Finding } from '#ports/checkup-store.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import { about } from './finding.ts';

/** What to do if APNs refuses a push to `topic` for this reason. */
const CURES: Readonly<Record<string, (topic: string) => string>> = {
  'bad credentials': () => 'the key cannot sign: it must be a P-256 key, which is what Apple issues',
  InvalidProviderToken: () =>
    'key, key_id and team_id do not belong together, or the key was revoked: compare them with Keys in the Apple developer portal',
  MissingProviderToken: () => 'the key could not sign: put the whole text of the .p8 file into key',
  ExpiredProviderToken: () => 'APNs considers our signature too old: set the clock of this machine',
  TooManyProviderTokenUpdates: () => 'APNs has received too many new provider tokens: try again in 20 minutes',
  Forbidden: () => 'the key may not push: check in the Apple developer portal that it is enabled for APNs',
  BadCertificateEnvironment: () => 'the key is for the other environment',
  TopicDisallowed: wrongBundle,
  BadTopic: wrongBundle,
  MissingTopic: wrongBundle,
  DeviceTokenNotForTopic: wrongBundle,
};

function wrongBundle(topic: string): string {
  return `the key may not push to ${topic}: bundle_id must name an app of that team that has push notifications enabled`;
}

const ONE_ENVIRONMENT = 'BadEnvironmentKeyIdInToken';

/** What APNs's answer to a push for nobody means. `BadDeviceToken` is the good one: APNs accepted everything but the token. */
export function apnsFinding(
  name: string,
  { sandbox, topic }: { readonly sandbox: boolean; readonly topic: string },
  outcome: PushOutcome,
): Finding {
  const apn = about(`apn ${name}, ${sandbox ? 'sandbox' : 'production'}`);
  if (outcome.kind === 'accepted')
    return apn.fix('accepted a push for a token that does not exist, so the server that answered is not APNs');
  const { reason } = outcome;
  const status = outcome.kind === 'withheld' ? 0 : outcome.status;
  if (reason === 'BadDeviceToken') return apn.good(`accepts pushes to ${topic}`);
  if (reason === ONE_ENVIRONMENT) {
    const says = `the key is restricted to the other environment (${reason})`;
    return sandbox
      ? apn.note(`${says}: development builds cannot be rung`)
      : apn.fix(`${says}: create one for production, or for both`);
  }
  const cure = Object.hasOwn(CURES, reason) ? CURES[reason] : undefined;
  if (cure) return apn.fix(`${cure(topic)} (${status} ${reason})`);
  if (status === 0)
    return apn.fix(
      `APNs cannot be reached (${reason}): check that key is the whole text of the .p8 file, and that this machine can reach Apple over HTTPS`,
    );
  if (status === 429 || status >= 500)
    return apn.fix(`APNs is not available now (${status} ${reason}): try again later`);
  return apn.fix(
    `APNs refused for a reason other than the token (${status} ${reason}): compare this provider with the Apple developer portal`,
  );
}
