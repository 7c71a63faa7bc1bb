import { invalid } from '../errors.ts';
import type { EpochMs } from '../time.ts';

export const PUSH_PROVIDERS = ['firebase', 'apn', 'webpush'] as const;
export type PushProvider = (typeof PUSH_PROVIDERS)[number];

/** What a push token is; `fid`: an FCM installation id. */
export const ID_TYPES = ['token', 'fid'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** One push token of one user. */
export interface PushToken {
  readonly userId: string;
  /** Identifies the token without revealing it: a hash. */
  readonly key: string;
  readonly token: string;
  readonly idType: IdType;
  readonly provider: PushProvider;
  /** The configured provider of the deployment that pushes to it. */
  readonly providerName: string;
  /** A PushKit token. */
  readonly voip: boolean;
  /** The APNs token of a development build. */
  readonly sandbox: boolean;
  readonly hardwareId?: string;
  readonly appVersion?: string;
  /** Web Push subscription keys. */
  readonly keys?: { readonly p256dh: string; readonly auth: string };
  readonly createdAt: EpochMs;
  readonly refreshedAt: EpochMs;
  /** Why the last push to it failed, although the token may be good. */
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

/** Why a push token leaves its user, other than by a verdict of its push service. */
export const REMOVALS = ['removed', 'moved_to_another_user', 'too_many_devices', 'signed_out'] as const;
export type Removal = (typeof REMOVALS)[number];

/** How a push token is kept and compared. APNs tokens are hexadecimal, in whichever case an app writes them. */
export const normalToken = (provider: PushProvider, token: string): string =>
  provider === 'apn' ? token.toLowerCase() : token;

/** Whether an app that rings by this token is silenced by another push. An iPhone is not: it hears of the end over its socket. */
export const takesStop = ({ provider }: Pick<PushToken, 'provider'>): boolean => provider !== 'apn';

/** How many devices a user may have; the least recently refreshed goes first. */
export const MAX_PUSH_TOKENS = 25;

/** How a push token is shown to people: by its end. */
export const lastOf = ({ token }: Pick<PushToken, 'token'>): string => token.slice(-8);

/** How a trace names a push token: as people see it, and by what tells it from another one with the same end. */
export const tracedToken = (
  pushToken: Pick<PushToken, 'provider' | 'token' | 'key'>,
): { readonly provider: PushProvider; readonly device: string; readonly device_key: string } => ({
  provider: pushToken.provider,
  device: lastOf(pushToken),
  device_key: pushToken.key.slice(0, 8),
});

/** Sorts the most recently refreshed first. */
export const byFreshness = (a: PushToken, b: PushToken): number => b.refreshedAt - a.refreshedAt;

/** The push tokens beyond the limit. */
export const surplus = (pushTokens: readonly PushToken[]): PushToken[] =>
  pushTokens.toSorted(byFreshness).slice(MAX_PUSH_TOKENS);

/** The handset that a push token is on. A token that names none counts as a handset of its own. */
export const handsetKey = ({ hardwareId, key }: PushToken): string => hardwareId ?? key;
