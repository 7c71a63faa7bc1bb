import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { type PushFormat, pushKeys } from '#wire/push/format.ts';
import { ttlOf } from '#wire/push/ttl.ts';

/** The part of FCM's message that we use. @see https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
export interface FcmMessage {
  readonly token?: string;
  readonly fid?: string;
  readonly data: Readonly<Record<string, string>>;
  readonly android: {
    readonly priority: 'normal' | 'high';
    /** Whole seconds and an `s`. */
    readonly ttl: string;
    readonly direct_boot_ok: boolean;
  };
}

/** A push to an FCM token, at the moment when it is sent. */
export interface FcmPush {
  readonly pushToken: PushToken;
  readonly push: Push;
  readonly format?: PushFormat | undefined;
  readonly now: EpochMs;
}

/** The FCM message of a push: data alone, so that the app's own code runs; never collapsible. */
export function fcmMessage({ pushToken, push, format, now }: FcmPush): FcmMessage {
  return {
    ...(pushToken.idType === 'fid' ? { fid: pushToken.token } : { token: pushToken.token }),
    data: pushKeys(format, push, pushToken.userId),
    android: {
      priority: push.kind === 'missed' ? 'normal' : 'high',
      ttl: `${ttlOf(push, now)}s`,
      direct_boot_ok: true,
    },
  };
}
