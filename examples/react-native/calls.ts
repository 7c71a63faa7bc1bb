import { type Call, Carillon } from '@carillon/client';
import { joinMedia } from '@carillon/client/media';
import { declinePush, type RingPushed, readPush } from '@carillon/client/push';
import {
  getMessaging,
  getToken,
  onMessage,
  onTokenRefresh,
  setBackgroundMessageHandler,
} from '@react-native-firebase/messaging';
import RNCallKeep, { CONSTANTS } from 'react-native-callkeep';
import RNVoipPush from 'react-native-voip-push-notification';
import { type MediaStream, mediaDevices, RTCPeerConnection } from 'react-native-webrtc';

/** What the app knows of its user before anything has loaded: keep it where a locked phone can read it. */
export interface Me {
  readonly url: string;
  readonly userId: string;
  readonly hardwareId: string;
}

/** What CallKit and Telecom say of a call that is over. */
const { END_CALL_REASONS: END } = CONSTANTS;
const END_REASONS: Readonly<Record<string, number>> = {
  answered_elsewhere: END.ANSWERED_ELSEWHERE,
  declined_elsewhere: END.DECLINED_ELSEWHERE,
  missed: END.UNANSWERED,
  failed: END.FAILED,
};
const showEnd = (uuid: string, reason: string) =>
  RNCallKeep.reportEndCallWithUUID(uuid, END_REASONS[reason] ?? END.REMOTE_ENDED);

/** A call that a push rings on this phone, by the id that CallKit or Telecom knows it by. */
const rung = new Map<string, { readonly pushed: RingPushed; readonly call: Promise<Call> }>();

/** Every push, of FCM and PushKit, leads here. On Android it resolves when the ring is over, which keeps the process alive until then. */
export async function onPush(data: unknown, me: Me, isAndroid: boolean): Promise<void> {
  const pushed = readPush(data, me);
  if (pushed.kind === 'stop') return showEnd(pushed.call.uuid, pushed.reason);
  if (pushed.kind !== 'ring') {
    // iOS has shown a call for each VoIP push already: AppDelegate did. Take away the one that must not ring.
    if (!isAndroid && pushed.call && !rung.has(pushed.call.uuid)) showEnd(pushed.call.uuid, 'failed');
    return;
  }
  const { uuid, callerId, callerName, video } = pushed.call;
  const call = Carillon.fromPush(pushed, me);
  rung.set(uuid, { pushed, call });
  if (isAndroid) RNCallKeep.displayIncomingCall(uuid, callerId, callerName, 'generic', video);
  const woken = await call.catch(() => undefined); // offline: it rings until the user answers or declines
  if (!woken) return;
  await new Promise<void>((resolve) => {
    woken.on('change', ({ status }) => status === 'active' && resolve());
    woken.on('ended', ({ reason }) => {
      showEnd(uuid, reason);
      rung.delete(uuid);
      resolve();
    });
    if (woken.status === 'ended') showEnd(uuid, woken.snapshot.reason ?? 'failed');
    if (woken.status !== 'ringing') resolve();
  });
}

/** Registers what CallKit and Telecom tell. Call it once, in index.js, before the first screen. */
export function answerFromLockScreen(me: Me, onMedia: (stream: MediaStream) => void): void {
  RNCallKeep.addEventListener('answerCall', async ({ callUUID }) => {
    const ring = rung.get(callUUID);
    const call = await ring?.call.catch(() => ring && Carillon.fromPush(ring.pushed, me));
    if (!call || (await call.accept()).status !== 'active') return;
    RNCallKeep.setCurrentCallActive(callUUID);
    try {
      const stream = await mediaDevices.getUserMedia({ audio: true, video: call.snapshot.video });
      joinMedia(call, { stream, RTCPeerConnection }).on('track', (track) => onMedia(track.stream));
    } catch {
      await call.hangUp(); // the user does not allow the microphone
    }
  });
  RNCallKeep.addEventListener('endCall', async ({ callUUID }) => {
    const ring = rung.get(callUUID);
    const call = await ring?.call.catch(() => undefined);
    rung.delete(callUUID);
    if (call?.status === 'active') await call.hangUp();
    else if (ring) await declinePush(ring.pushed, me); // one HTTPS request, with no connection and no login
  });
  setBackgroundMessageHandler(getMessaging(), ({ data }) => onPush(data, me, true));
  onMessage(getMessaging(), ({ data }) => onPush(data, me, true));
  RNVoipPush.addEventListener('notification', (payload) => onPush(payload, me, false));
  RNVoipPush.addEventListener('didLoadWithEvents', (events) => {
    // What came before JavaScript had loaded.
    for (const { name, data } of events) {
      if (name === RNVoipPush.RNVoipPushRemoteNotificationReceivedEvent) void onPush(data, me, false);
    }
  });
}

/** Registers this phone: at every start, when a token changes, and after every login. */
export async function registerPhone(carillon: Carillon, isAndroid: boolean): Promise<void> {
  if (isAndroid) {
    const register = (id: string) => carillon.registerDevice({ id, push_provider: 'firebase' });
    onTokenRefresh(getMessaging(), register);
    await register(await getToken(getMessaging()));
  } else {
    RNVoipPush.addEventListener('register', (id) =>
      carillon.registerDevice({ id, push_provider: 'apn', voip_token: true }),
    );
    RNVoipPush.registerVoipToken();
  }
}
