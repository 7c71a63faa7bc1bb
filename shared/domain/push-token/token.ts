import type { EpochMs } from '../time.ts';

export const PUSH_PROVIDERS = ['firebase', 'apn', 'webpush'] as const;
export type PushProvider = (typeof PUSH_PROVIDERS)[number];

/** What a push token is; `fid`: an FCM installation id. */
export const ID_TYPES = ['token', 'fid'] as const;
export type IdType = (typeof ID_TYPES)[number];

/** One push token of one user. */
export interface PushToken {
  readonly userId: string;
  /** Names the token without telling it: a hash. */
  readonly key: string;
  readonly token: string;
  readonly idType: IdType;
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
