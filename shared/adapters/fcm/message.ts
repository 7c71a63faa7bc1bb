import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** The part of FCM's message that we use. @see https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
export interface FcmMessage {
  readonly token?: string;
  readonly fid?: string;
  readonly data: Readonly<Record<string, string>>;
  readonly android: {
    readonly priority: 'normal' | 'high';
    /** Whole seconds, followed by an `s`. */
    readonly ttl: string;
    readonly direct_boot_ok: boolean;
  };
}

/** A stop should still reach a phone that was out of reach for a moment. */
const MIN_STOP_TTL_S = 30;

/** The FCM message of a push. It holds only data, so that the app's own code runs, and is never collapsible. */
export function fcmMessage(pushToken: PushToken, push: Push, now: EpochMs): FcmMessage {
  const left = (push.expiresAt - now) / SECOND_MS;
  const ttlS = {
    ring: Math.max(0, Math.floor(left)),
    stop: Math.max(MIN_STOP_TTL_S, Math.floor(left)),
    missed: Math.ceil(left),
  }[push.kind];
  return {
    ...(pushToken.idType === 'fid' ? { fid: pushToken.token } : { token: pushToken.token }),
    data: push.payload,
    android: { priority: push.kind === 'missed' ? 'normal' : 'high', ttl: `${ttlS}s`, direct_boot_ok: true },
  };
}
