import type { PayloadFormat } from '../template.ts';
import { OURS } from './ours.ts';

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
    ...OURS,
  },
};
