import type { PushToken } from '#domain/push-token/token.ts';
import { toEpochSeconds } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { type AlertText, apsAlert } from '#wire/push/alert-text.ts';
import { type PushFormat, payloadFormat, pushJson } from '#wire/push/format.ts';
import { pushId } from '#wire/push/push-id.ts';

/** An app at APNs, and what its pushes look like. */
export interface ApnsApp {
  readonly bundle_id: string;
  /** `carillon` if it is absent. */
  readonly format?: PushFormat | undefined;
  /** The texts of alerts. Video calls use the other texts if they have none of their own. */
  readonly missed_call?: AlertText | undefined;
  readonly missed_video_call?: AlertText | undefined;
  readonly incoming_call?: AlertText | undefined;
  readonly incoming_video_call?: AlertText | undefined;
}

/** An APNs key and the app that it pushes to. */
export interface ApnsAccount extends ApnsApp {
  readonly key: string;
  readonly key_id: string;
  readonly team_id: string;
}

/** A request to APNs, without the device token and the provider token. */
export interface ApnsRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The longest collapse id that APNs takes. */
const MAX_COLLAPSE_ID_BYTES = 64;

/** The request of a push: a VoIP push to a PushKit token, an alert to an ordinary one. */
export function apnsRequest(pushToken: PushToken, push: Push, app: ApnsApp): ApnsRequest {
  const isAlertRing = push.kind === 'ring' && !pushToken.voip;
  // Beside the texts of an alert and the longest names and ids there is no room for a picture.
  const keys = pushJson(app.format, isAlertRing ? withoutImage(push) : push, pushToken.userId);
  const isQuiet = push.kind === 'missed' && push.quiet === true;
  const headers = {
    'apns-id': pushId(push, pushToken),
    'apns-priority': isQuiet ? '5' : '10',
    'apns-expiration': `${toEpochSeconds(push.expiresAt)}`,
  };
  if (pushToken.voip) {
    return {
      headers: { ...headers, 'apns-push-type': 'voip', 'apns-topic': `${app.bundle_id}.voip` },
      body: { aps: {}, ...keys },
    };
  }
  // A ring and the notice that it was missed have the same one: the second takes the first one's place on the screen.
  const collapseId = Buffer.from(push.cid).subarray(0, MAX_COLLAPSE_ID_BYTES).toString();
  return {
    headers: { ...headers, 'apns-push-type': 'alert', 'apns-topic': app.bundle_id, 'apns-collapse-id': collapseId },
    body: { aps: { ...apsOf(push, app), ...(!isQuiet && { sound: 'default' }), 'thread-id': push.cid }, ...keys },
  };
}

function withoutImage(push: Push): Push {
  const { image: _, ...caller } = push.caller;
  return { ...push, caller };
}

/** What a person reads; a ring is one that the app's notification service extension takes before it is shown. */
function apsOf({ kind, caller: { id, name: caller = id }, video: isVideo }: Push, app: ApnsApp): object {
  if (kind !== 'ring') {
    const text = (isVideo ? app.missed_video_call : undefined) ?? app.missed_call ?? {};
    return {
      alert: apsAlert(text, { title: '{caller}', body: isVideo ? 'Missed video call' : 'Missed call' }, caller),
    };
  }
  const text = (isVideo ? app.incoming_video_call : undefined) ?? app.incoming_call ?? {};
  const own = payloadFormat(app.format)?.alert;
  const plain = own ?? { title: '{caller}', body: isVideo ? 'Incoming video call' : 'Incoming call' };
  return {
    alert: apsAlert(text, plain, caller),
    'mutable-content': 1,
    ...(own && { category: own.category }),
  };
}
