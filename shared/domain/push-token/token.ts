import { invalid } from '../errors.ts';
import type { EpochMs } from '../time.ts';

export type PushProvider = 'firebase' | 'apn' | 'webpush';

/** One push token of one user. */
export interface PushToken {
  readonly userId: string;
  /** Names the token without telling it: a hash. */
  readonly key: string;
  readonly token: string;
  /** `fid`: the token is an FCM installation id. */
  readonly idType: 'token' | 'fid';
  readonly provider: PushProvider;
  /** Which of the deployment's configured providers pushes to it. */
  readonly providerName: string;
  /** A PushKit token. */
  readonly voip: boolean;
  /** An APNs token of a development build. */
  readonly sandbox: boolean;
  readonly hardwareId?: string;
  readonly appVersion?: string;
  /** Web Push subscription keys. */
  readonly keys?: { readonly p256dh: string; readonly auth: string };
  readonly createdAt: EpochMs;
  readonly refreshedAt: EpochMs;
  /** Why the last push to it failed though the token may be good. */
  readonly failing?: { readonly reason: string; readonly since: EpochMs };
}

/** What a registration says of a push token. What it leaves out, a token that its user has already keeps. */
export type Registration = Pick<PushToken, 'userId' | 'key' | 'token' | 'provider' | 'refreshedAt'> &
  Partial<Pick<PushToken, 'idType' | 'providerName' | 'voip' | 'sandbox' | 'hardwareId' | 'appVersion' | 'keys'>>;

/** What a push token is if no registration of it has said otherwise. */
const DEFAULTS = { idType: 'token', providerName: 'default', voip: false, sandbox: false } as const;

/** The push token that a registration makes; `before` is what its user had of it. That it was failing is forgotten: it may be good now. */
export function registeredToken(wanted: Registration, before: PushToken | undefined): PushToken {
  const { failing: _, ...kept } = before ?? {};
  const pushToken = { ...DEFAULTS, ...kept, ...wanted, createdAt: before?.createdAt ?? wanted.refreshedAt };
  if (pushToken.provider === 'webpush' && !pushToken.keys) throw invalid('keys', 'are required for webpush');
  return pushToken;
}

/** How a push token is kept and compared. APNs tokens are hexadecimal, in whichever case an app writes them. */
export const normalToken = (provider: PushProvider, token: string): string =>
  provider === 'apn' ? token.toLowerCase() : token;

/** How many devices a user may have; the least recently refreshed goes first. */
export const MAX_PUSH_TOKENS = 25;

/** How people are told of a device: by the end of its token. */
export const lastOf = ({ token }: Pick<PushToken, 'token'>): string => token.slice(-8);

/** The newest first. */
export const byFreshness = (a: PushToken, b: PushToken): number => b.refreshedAt - a.refreshedAt;

/** The devices that have to go for the others to stay within the limit. */
export const surplus = (pushTokens: readonly PushToken[]): PushToken[] =>
  pushTokens.toSorted(byFreshness).slice(MAX_PUSH_TOKENS);

/** The handset that a device is on; a device that names none is one of its own. */
export const handsetKey = ({ hardwareId, key }: PushToken): string => hardwareId ?? key;
