import type { WarmSender } from '#ports/push-sender.ts';
import type { NodeApnClient } from './node-apn.ts';
import { apnsOutcome } from './outcome.ts';
import { type ApnsAccount, apnsRequest } from './request.ts';
import { type ApnsSenderOptions, ATTEMPT_MS, BAD_CREDENTIALS } from './sender.ts';

const load = () => import('#adapters/apns/node-apn.ts');

/** Pushes through APNs by `@parse/node-apn`, which is loaded with the first push, or when the sender is warmed. */
export function apnsLibrarySender({ key, endpoint, sandboxEndpoint }: Omit<ApnsSenderOptions, 'clock'>): WarmSender {
  const clients = new Map<string, NodeApnClient>();
  return {
    async warm() {
      await load().catch(() => undefined);
    },
    async send(pushToken, push) {
      const account = await key(pushToken.providerName);
      if (!account) return { kind: 'refused', status: 0, reason: `no apn provider ${pushToken.providerName}` };
      const { openNodeApn } = await load();
      const { sandbox } = pushToken;
      const identity = identityOf(account, sandbox);
      let client = clients.get(identity);
      try {
        client ??= openNodeApn({ ...optionsOf(account), sandbox, endpoint: sandbox ? sandboxEndpoint : endpoint });
      } catch {
        return BAD_CREDENTIALS;
      }
      clients.set(identity, client);
      const request = apnsRequest(pushToken, push, account);
      const answer = await client.send(pushToken.token, request);
      if (answer.status === 200) return { kind: 'accepted', messageId: request.headers['apns-id'] ?? '' };
      if (answer.status === 0) {
        // The library goes on with a connection that has died in silence: the next attempt opens another one.
        if (clients.get(identity) === client) clients.delete(identity);
        client.close();
      }
      return apnsOutcome(answer);
    },
  };
}

const identityOf = ({ key_id, team_id, key, bundle_id }: ApnsAccount, sandbox: boolean): string =>
  JSON.stringify([key_id, team_id, key, bundle_id, sandbox]);

const optionsOf = ({ key, key_id: keyId, team_id: teamId }: ApnsAccount) => ({
  token: { key, keyId, teamId },
  timeoutMs: ATTEMPT_MS,
});
