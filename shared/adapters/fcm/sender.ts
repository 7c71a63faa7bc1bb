import type { Clock } from '#domain/time.ts';
import type { PushOutcome, WarmSender } from '#ports/push-sender.ts';
import { jsonOf } from '#wire/json.ts';
import { type Answer, type Channel, http2Channel } from '../http2/channel.ts';
import type { Request } from '../http2/exchange.ts';
import { withRetryAfter } from '../http2/retry-after.ts';
import { type AccessTokens, accessTokens, GOOGLE_OAUTH, grantToServiceAccount } from './access-token.ts';
import { type Account, identityOf } from './account.ts';
import { grantToExternalAccount } from './grant.ts';
import { fcmMessage } from './message.ts';
import { acceptedAs, fcmOutcome, withoutToken } from './outcome.ts';

export interface FcmSenderOptions {
  /** The account of a named push provider, as configured now. */
  readonly account: (name: string) => Promise<Account | undefined>;
  readonly clock: Clock;
  /** `https://host:port` to use instead of Google's own hosts. */
  readonly endpoint?: string | undefined;
  /** FCM checks every message and delivers none. @default false */
  readonly validateOnly?: boolean;
}

const FCM = 'https://fcm.googleapis.com';

/** One attempt must leave time for others before the ring is over. */
export const ATTEMPT_MS = 3000;

/** Pushes through FCM's HTTP v1 API over warm connections, which all accounts share. */
export function fcmSender({ account, clock, endpoint, validateOnly = false }: FcmSenderOptions): WarmSender {
  const channel = http2Channel(endpoint ?? FCM);
  const oauth = http2Channel(endpoint ?? GOOGLE_OAUTH);
  const accounts = new Map<string, AccessTokens>();
  const tokensOf = (of: Account): AccessTokens => {
    const identity = identityOf(of);
    const grant = () =>
      'credential' in of ? grantToExternalAccount(of.credential, endpoint) : grantToServiceAccount(of, oauth, clock);
    const tokens = accounts.get(identity) ?? accessTokens(grant, clock);
    accounts.set(identity, tokens);
    return tokens;
  };
  return {
    async warm(name) {
      const configured = await account(name).catch(() => undefined);
      if (!configured) return;
      channel.warm();
      await tokensOf(configured)
        .current()
        .catch(() => undefined);
    },
    async send(pushToken, push): Promise<PushOutcome> {
      const configured = await account(pushToken.providerName);
      if (!configured) return { kind: 'refused', status: 0, reason: `no firebase provider ${pushToken.providerName}` };
      const path = `/v1/projects/${encodeURIComponent(configured.project_id)}/messages:send`;
      const message = fcmMessage({ pushToken, push, format: configured.format, now: clock() });
      const body = JSON.stringify({ ...(validateOnly && { validate_only: true }), message });
      try {
        return outcomeOf(await post(channel, tokensOf(configured), { path, body }), clock);
      } catch (error) {
        return withoutToken(error);
      }
    },
  };
}

/** Sends a push. If the access token is refused, it is replaced and the push is repeated once. */
async function post(
  channel: Channel,
  tokens: AccessTokens,
  { path, body }: Pick<Request, 'path' | 'body'>,
): Promise<Answer> {
  const until = performance.now() + ATTEMPT_MS;
  const sendAs = (token: string): Promise<Answer> =>
    channel.send(
      { path, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body },
      until - performance.now(),
    );
  const token = await tokens.current();
  const answer = await sendAs(token);
  if (answer.status !== 401 || !tokens.drop(token)) return answer;
  return sendAs(await tokens.current());
}

function outcomeOf({ status, headers, text }: Answer, clock: Clock): PushOutcome {
  if (status === 0) return { kind: 'retryable', status, reason: text };
  const data = jsonOf(text);
  if (status === 200) return acceptedAs(data);
  return withRetryAfter(fcmOutcome({ status, data }), headers['retry-after'], clock());
}
