import type { PushProviders } from '#adapters/secrets/push-providers.ts';
import type { Finding } from '#ports/checkup-store.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import { about } from './finding.ts';

/** Refusals that concern only the token: FCM accepted everything else. */
const ABOUT_THE_TOKEN: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'UNREGISTERED']);

/** What FCM's answer to a message for nobody means; FCM was asked only to validate it. */
export function fcmFinding(name: string, account: PushProviders['firebase'][string], outcome: PushOutcome): Finding {
  const firebase = about(`firebase ${name}`);
  const project = account.project_id;
  const good = firebase.good(`accepts messages for the project ${project}`);
  if (outcome.kind === 'accepted') return good;
  const { reason } = outcome;
  const status = outcome.kind === 'withheld' ? 0 : outcome.status;
  if (ABOUT_THE_TOKEN.has(reason)) return good;
  const said = `(${status} ${reason})`;
  // Google trusts the role of the ring function, and this machine has another one.
  if (status === 0 && 'credential' in account)
    return firebase.note(
      `is keyless, and Google gives this machine no token (${reason}): only the ring function can, so ring a phone to see it push`,
    );
  if (reason.includes('credentials'))
    return firebase.fix(
      'Google refuses the service account: client_email and private_key must belong to one key that was not revoked, and the clock of this machine must be right',
    );
  if (status === 0)
    return firebase.fix(
      `FCM cannot be reached (${reason}): check that this machine can reach oauth2.googleapis.com and fcm.googleapis.com over HTTPS`,
    );
  if (status === 401)
    return firebase.fix(
      `FCM does not accept the credentials ${said}: put a new key of the service account into the secret`,
    );
  if (status === 403)
    return firebase.fix(
      `the service account may not send for the project ${project} ${said}: check that project_id names its project, that the Firebase Cloud Messaging API is enabled there, and that its role allows cloudmessaging.messages.create`,
    );
  if (status === 404)
    return firebase.fix(`FCM has no project ${project} ${said}: compare project_id with the Firebase console`);
  if (status === 429 || status >= 500) return firebase.fix(`FCM is not available now ${said}: try again later`);
  return firebase.fix(
    `FCM refused for a reason other than the token ${said}: compare this provider with the Firebase console`,
  );
}
