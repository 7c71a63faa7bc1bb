import type { PayloadFormat } from '../template.ts';

/** For apps made for Stream Video. In its words `call_type` says what happened, not which kind of call it is. */
export const STREAM: PayloadFormat = {
  keys: {
    sender: 'stream_video',
    version: '{version}',
    call_type: '{type}',
    stream_call_cid: '{call_cid}',
    stream_call_id: '{call_id}',
    stream_call_type: '{call_type}',
    call_uuid: '{call_uuid}',
    ring_id: '{ring_id}',
    created_by_id: '{caller_id}',
    created_by_name: '{caller_name}',
    receiver_id: '{receiver_id}',
    video: '{video}',
    sent_at: '{sent_at}',
    expires_at: '{expires_at}',
    reason: '{reason}',
    notify: '{notify}',
    wake_token: '{wake_token}',
  },
  alert: { title: 'Incoming Call', body: '{caller} is calling...', category: 'call' },
};
