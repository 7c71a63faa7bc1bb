import type { Push } from '#ports/push-sender.ts';
import { nativePush } from '../native/payload.ts';

/** Keys that Stream names differently. In Stream's format `call_type` says what happened, not which kind of call it is. */
const STREAM_NAMES: Readonly<Record<string, string>> = {
  type: 'call_type',
  call_cid: 'stream_call_cid',
  call_id: 'stream_call_id',
  call_type: 'stream_call_type',
};

/** The keys of a push as apps made for Stream Video read them. */
export const streamPush = (push: Push, receiverId: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(nativePush(push, receiverId)).map(([key, value]) => [STREAM_NAMES[key] ?? key, value]),
  ),
  sender: 'stream_video',
});
