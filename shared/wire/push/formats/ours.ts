/** What `@carillon/client` or an app needs beside the keys of another format. `type` often means something else there, so ours is `event`. */
export const OURS = {
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
} as const;
