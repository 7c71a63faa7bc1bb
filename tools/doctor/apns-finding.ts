import type { PushOutcome } from '#ports/push-sender.ts';
import { about, type Finding } from './finding.ts';

/** What to do where APNs refuses for this reason; `topic` is what the push was addressed to. */
const CURES: Readonly<Record<string, (topic: string) => string>> = {
  'bad credentials': () => 'the key cannot sign: it must be a P-256 key, as Apple makes them',
  InvalidProviderToken: () =>
    'key, key_id and team_id do not belong together, or the key was revoked: compare them with Keys in the Apple developer portal',
  MissingProviderToken: () => 'the key could not sign: put the whole text of the .p8 file into key',
  ExpiredProviderToken: () => 'what we signed counts as too old: set the clock',
  TooManyProviderTokenUpdates: () => 'it was asked with too many new tokens: try again in 20 minutes',
  Forbidden: () => 'the key may not push: check in the Apple developer portal that it is enabled for APNs',
  BadCertificateEnvironment: () => 'the key is of the other environment',
  TopicDisallowed: wrongBundle,
  BadTopic: wrongBundle,
  MissingTopic: wrongBundle,
  DeviceTokenNotForTopic: wrongBundle,
};

function wrongBundle(topic: string): string {
  return `the key may not push to ${topic}: bundle_id must be an app of that team, with push notifications enabled`;
}

const ONE_ENVIRONMENT = 'BadEnvironmentKeyIdInToken';

/** What it means that APNs answered so to a push for nobody: only `BadDeviceToken` says that all the rest was right. */
export function apnsFinding(
  name: string,
  { sandbox, topic }: { readonly sandbox: boolean; readonly topic: string },
  outcome: PushOutcome,
): Finding {
  const apn = about(`apn ${name}, ${sandbox ? 'sandbox' : 'production'}`);
  if (outcome.kind === 'accepted')
    return apn.fix('took a push for a token that nobody has: what answers there is not APNs');
  const { reason } = outcome;
  const status = outcome.kind === 'withheld' ? 0 : outcome.status;
  if (reason === 'BadDeviceToken') return apn.good(`takes pushes to ${topic}`);
  if (reason === ONE_ENVIRONMENT) {
    const says = `the key is restricted to the other environment (${reason})`;
    return sandbox
      ? apn.note(`${says}: development builds cannot be rung`)
      : apn.fix(`${says}: make one for production, or for both`);
  }
  const cure = Object.hasOwn(CURES, reason) ? CURES[reason] : undefined;
  if (cure) return apn.fix(`${cure(topic)} (${status} ${reason})`);
  if (status === 0)
    return apn.fix(
      `cannot be asked (${reason}): the key must be the whole text of the .p8 file, and HTTPS to Apple must be open from here`,
    );
  if (status === 429 || status >= 500)
    return apn.fix(`is not available now (${status} ${reason}): try again in a while`);
  return apn.fix(
    `refused for a reason other than the token (${status} ${reason}): compare the provider with the Apple developer portal`,
  );
}
