import type { PayloadFormat } from '../template.ts';

/**
 * For React Native apps with the package react-native-callkeep: the arguments of `displayIncomingCall` by name, those that
 * the `AppDelegate` of react-native-voip-push-notification reads of a PushKit payload, and beside them ours.
 * @see https://github.com/react-native-webrtc/react-native-callkeep version 4.3.16
 * @see https://github.com/react-native-webrtc/react-native-voip-push-notification version 3.3.2
 */
export const REACT_NATIVE_CALLKEEP: PayloadFormat = {
  keys: {
    uuid: '{call_uuid}',
    handle: '{caller_id}',
    handleType: 'generic',
    callerName: '{caller_name}',
    hasVideo: '{video:boolean}',
    sender: '{sender}',
    event: '{type}',
    call_cid: '{call_cid}',
    ring_id: '{ring_id}',
    receiver_id: '{receiver_id}',
    sent_at: '{sent_at}',
    expires_at: '{expires_at}',
    reason: '{reason}',
    notify: '{notify}',
    wake_token: '{wake_token}',
  },
};
