import type { PushOutcome } from '#ports/push-sender.ts';
import { about, type Finding } from './finding.ts';

/** What FCM says of the token alone: everything before it was right. */
const ABOUT_THE_TOKEN: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'UNREGISTERED']);

/** What it means that FCM answered so to a message for nobody, which it was only to check. */
export function fcmFinding(name: string, project: string, outcome: PushOutcome): Finding {
  const firebase = about(`firebase ${name}`);
  const good = firebase.good(`takes messages for the project ${project}`);
  if (outcome.kind === 'accepted') return good;
  const { reason } = outcome;
  const status = outcome.kind === 'withheld' ? 0 : outcome.status;
  if (ABOUT_THE_TOKEN.has(reason)) return good;
  const said = `(${status} ${reason})`;
  if (reason.includes('credentials'))
    return firebase.fix(
      'Google refuses the service account: client_email and private_key must be of one key that is still in force, and the clock must be right',
    );
  if (status === 0)
    return firebase.fix(
      `cannot be asked (${reason}): HTTPS to oauth2.googleapis.com and fcm.googleapis.com must be open from here`,
    );
  if (status === 401)
    return firebase.fix(`FCM does not know who asks ${said}: put a new key of the service account into the secret`);
  if (status === 403)
    return firebase.fix(
      `the service account may not send for the project ${project} ${said}: project_id must be its project, the Firebase Cloud Messaging API enabled there, and its role allow cloudmessaging.messages.create`,
    );
  if (status === 404)
    return firebase.fix(`FCM has no project ${project} ${said}: compare project_id with the Firebase console`);
  if (status === 429 || status >= 500) return firebase.fix(`is not available now ${said}: try again in a while`);
  return firebase.fix(
    `refused for a reason other than the token ${said}: compare the provider with the Firebase console`,
  );
}
