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

/** How many push tokens a user may have. The one that was refreshed longest ago goes first. */
export const MAX_PUSH_TOKENS = 25;

/** How a push token is shown to people: by its end. */
export const lastOf = ({ token }: Pick<PushToken, 'token'>): string => token.slice(-8);

/** Sorts the most recently refreshed first. */
export const byFreshness = (a: PushToken, b: PushToken): number => b.refreshedAt - a.refreshedAt;

/** The push tokens beyond the limit. */
export const surplus = (pushTokens: readonly PushToken[]): PushToken[] =>
  pushTokens.toSorted(byFreshness).slice(MAX_PUSH_TOKENS);

/** The handset that a push token is on. A token that names none counts as a handset of its own. */
export const handsetKey = ({ hardwareId, key }: PushToken): string => hardwareId ?? key;
