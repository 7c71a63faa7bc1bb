import type { PushOutcome, WarmSender } from '#ports/push-sender.ts';
import { withRetryAfter } from '../http2/retry-after.ts';
import { type Account, type Granted, identityOf } from './account.ts';
import type { FirebaseClient, LibraryAnswer } from './firebase-admin.ts';
import { byLibrary, grantToExternalAccount } from './grant.ts';
import { fcmMessage } from './message.ts';
import { acceptedAs, fcmOutcome, withoutToken } from './outcome.ts';
import { ATTEMPT_MS, type FcmSenderOptions } from './sender.ts';

const load = () => import('#adapters/fcm/firebase-admin.ts');
const loadGrants = () => import('#adapters/fcm/google-auth.ts');

/** Pushes through FCM by `firebase-admin`, which is loaded with the first push, or when the sender is warmed. */
export function fcmLibrarySender({ account, clock, endpoint, validateOnly = false }: FcmSenderOptions): WarmSender {
  const clients = new Map<string, Promise<FirebaseClient>>();
  const clientOf = (of: Account) => {
    const identity = JSON.stringify([of.project_id, identityOf(of)]);
    const client = clients.get(identity) ?? open(of, endpoint);
    clients.set(identity, client);
    /** The library keeps an access token for as long as it should be good: a client that is new fetches another. */
    const replace = async (): Promise<void> => {
      // Another push that was refused as well may have done so.
      if (clients.get(identity) !== client) return;
      clients.delete(identity);
      (await client).close();
    };
    return { client, replace };
  };
  return {
    async warm() {
      await Promise.all([load(), loadGrants()]).catch(() => undefined);
    },
    async send(pushToken, push) {
      const configured = await account(pushToken.providerName);
      if (!configured) return { kind: 'refused', status: 0, reason: `no firebase provider ${pushToken.providerName}` };
      const message = fcmMessage({ pushToken, push, format: configured.format, now: clock() });
      const { client, replace } = clientOf(configured);
      try {
        const answer = await (await client).send(message, validateOnly);
        if (answer.status === 401) await replace();
        return withRetryAfter(outcomeOf(answer), answer.headers?.['retry-after'], clock());
      } catch (error) {
        return withoutToken(error);
      }
    },
  };
}

async function open(account: Account, endpoint: string | undefined): Promise<FirebaseClient> {
  const { openFirebase } = await load();
  return openFirebase({
    projectId: account.project_id,
    grant: () => grantTo(account, endpoint),
    endpoint,
    timeoutMs: ATTEMPT_MS,
  });
}

const grantTo = (account: Account, endpoint: string | undefined): Promise<Granted> =>
  'credential' in account
    ? grantToExternalAccount(account.credential, endpoint)
    : byLibrary(async () => (await loadGrants()).tokenOfServiceAccount(account, endpoint));

function outcomeOf({ status, data, reason }: LibraryAnswer): PushOutcome {
  if (status === 0) return { kind: 'retryable', status, reason: reason ?? 'no answer' };
  return status === 200 ? acceptedAs(data) : fcmOutcome({ status, data });
}
