import * as z from 'zod';
import type { PushToken } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { PushOutcome, WarmSender } from '#ports/push-sender.ts';
import { jsonOf } from '#wire/json.ts';
import { type Answer, type Channel, http2Channel } from '../http2/channel.ts';
import { withRetryAfter } from '../http2/retry-after.ts';
import { apnsOutcome } from './outcome.ts';
import { KeyRefused, type ProviderTokens, providerTokens } from './provider-token.ts';
import { type ApnsAccount, apnsRequest } from './request.ts';

export interface ApnsSenderOptions {
  /** The key of a named push provider, as configured now. */
  readonly key: (name: string) => Promise<ApnsAccount | undefined>;
  readonly clock: Clock;
  /** `https://host:port` to use instead of Apple's own hosts. */
  readonly endpoint?: string | undefined;
  readonly sandboxEndpoint?: string | undefined;
}

const PRODUCTION = 'https://api.push.apple.com';
const SANDBOX = 'https://api.sandbox.push.apple.com';

/** One attempt must leave time for others before the ring is over. */
export const ATTEMPT_MS = 3000;

/** The outcome of every push with a key that cannot sign. */
export const BAD_CREDENTIALS: PushOutcome = {
  kind: 'refused',
  status: 0,
  reason: 'bad credentials',
  misconfigured: true,
};

/** A channel and the tokens for it: APNs accepts only one key and its app on a connection. */
interface Line {
  readonly channel: Channel;
  readonly tokens: ProviderTokens;
}

/** Pushes through APNs over warm connections, with one channel for each app and environment. */
export function apnsSender({ key, clock, endpoint, sandboxEndpoint }: ApnsSenderOptions): WarmSender {
  const lines = new Map<string, Line>();
  const lineFor = (account: ApnsAccount, sandbox: boolean): Line => {
    const { key_id, team_id, bundle_id } = account;
    const identity = JSON.stringify([key_id, team_id, account.key, bundle_id, sandbox]);
    const origin = sandbox ? (sandboxEndpoint ?? SANDBOX) : (endpoint ?? PRODUCTION);
    const line = lines.get(identity) ?? { channel: http2Channel(origin), tokens: providerTokens(account, clock) };
    lines.set(identity, line);
    return line;
  };
  return {
    async warm(name) {
      const account = await key(name).catch(() => undefined);
      if (!account) return;
      const { channel, tokens } = lineFor(account, false);
      channel.warm();
      await tokens.prepare().catch(() => undefined);
    },
    async send(pushToken, push): Promise<PushOutcome> {
      const account = await key(pushToken.providerName);
      if (!account) return { kind: 'refused', status: 0, reason: `no apn provider ${pushToken.providerName}` };
      const { headers, body } = apnsRequest(pushToken, push, account);
      try {
        const answer = await post(lineFor(account, pushToken.sandbox), pushToken, headers, JSON.stringify(body));
        if (answer.status === 200) return { kind: 'accepted', messageId: headers['apns-id'] ?? '' };
        return withRetryAfter(apnsOutcome(refusalOf(answer)), answer.headers['retry-after'], clock());
      } catch (error) {
        if (error instanceof KeyRefused) return BAD_CREDENTIALS;
        throw error;
      }
    },
  };
}

/** Sends a push. If APNs calls the provider token expired, it is replaced and the push is repeated once. */
async function post({ channel, tokens }: Line, pushToken: PushToken, headers: Record<string, string>, body: string) {
  const until = performance.now() + ATTEMPT_MS;
  const request = { path: `/3/device/${encodeURIComponent(pushToken.token)}`, headers, body };
  let shown = '';
  const authorization = (connection: object): string => {
    shown = tokens.on(connection);
    return `bearer ${shown}`;
  };
  await tokens.prepare();
  const answer = await channel.send(request, until - performance.now(), authorization);
  const { status, reason } = refusalOf(answer);
  if (status !== 403 || reason !== 'ExpiredProviderToken' || !(await tokens.replace(shown))) return answer;
  return channel.send(request, until - performance.now(), authorization);
}

const refusal = z.object({ reason: z.string().default('unknown'), timestamp: z.number().optional() });

function refusalOf({ status, text }: Answer) {
  if (status === 0) return { status, reason: text };
  const parsed = refusal.safeParse(jsonOf(text));
  return { status, ...(parsed.success ? parsed.data : { reason: `HTTP ${status}` }) };
}
