import type { PayloadFormat } from '../template.ts';
import { OURS } from './ours.ts';

/**
 * For Flutter apps with the package flutter_callkit_incoming: the fields of its `CallKitParams` and of what its
 * `AppDelegate.swift` reads of a PushKit payload, and beside them ours. `type` is its own, so ours is `event`.
 * @see https://github.com/hiennguyen92/flutter_callkit_incoming version 3.1.5
 */
export const FLUTTER_CALLKIT_INCOMING: PayloadFormat = {
  keys: {
    id: '{call_uuid}',
    nameCaller: '{caller_name}',
    avatar: '{caller_image}',
    handle: '{caller_id}',
    type: '{video:number}',
    isVideo: '{video:boolean}',
    duration: '{timeout_ms:number}',
    ...OURS,
  },
};
