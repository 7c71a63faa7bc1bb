import * as z from 'zod';
import { STOP_REASON, STOP_TYPES } from '#domain/call/effects.ts';

/** Milliseconds since 1970, as a string. */
const epochMs = z.string().regex(/^\d+$/);

const keys = {
  sender: z.literal('carillon'),
  version: z.literal('1'),
  call_cid: z.string(),
  call_id: z.string(),
  call_type: z.string(),
  call_uuid: z.uuid(),
  ring_id: z.string(),
  created_by_id: z.string(),
  created_by_name: z.string(),
  created_by_image: z.string().exactOptional(),
  receiver_id: z.string(),
  video: z.enum(['true', 'false']),
  sent_at: epochMs,
  expires_at: epochMs,
};

/** The keys of a push that rings. */
export const ringPush = z.strictObject({ ...keys, type: z.literal('call.ring'), wake_token: z.string() });

/** The keys of a push that silences a ringing phone. */
export const stopPush = z.strictObject({
  ...keys,
  type: z.enum(STOP_TYPES),
  reason: z.enum(STOP_REASON),
  notify: z.literal('true').exactOptional(),
});

/** The keys of a push about a call that the phone did not ring for. */
export const missedPush = z.strictObject({ ...keys, type: z.literal('call.missed') });

/** What an app finds in an FCM data message. */
export const pushKeys = z.union([ringPush, stopPush, missedPush]);

/** The body of a VoIP push. */
export const apnsVoipBody = ringPush.extend({ aps: z.strictObject({}) });

const locArgs = z.array(z.string()).exactOptional();

const aps = {
  alert: z.strictObject({
    title: z.string().exactOptional(),
    body: z.string().exactOptional(),
    'title-loc-key': z.string().exactOptional(),
    'title-loc-args': locArgs,
    'loc-key': z.string().exactOptional(),
    'loc-args': locArgs,
  }),
  sound: z.literal('default').exactOptional(),
  'thread-id': z.string(),
};

/** The body of a missed-call alert, which the phone shows by itself. */
export const apnsAlertBody = missedPush.extend({ aps: z.strictObject(aps) });

/** The body of an alert that rings with the help of the app's notification service extension. */
export const apnsAlertRing = ringPush.omit({ created_by_image: true }).extend({
  aps: z.strictObject({ ...aps, 'mutable-content': z.literal(1) }),
});

const { sender: _, created_by_image: __, call_cid, call_id, call_type, ...shared } = keys;

/** What an app finds in an FCM data message if its provider has Stream's format. */
export const streamPush = z.strictObject({
  ...shared,
  sender: z.literal('stream_video'),
  call_type: z.union([ringPush.shape.type, stopPush.shape.type]),
  stream_call_cid: call_cid,
  stream_call_id: call_id,
  stream_call_type: call_type,
  wake_token: z.string().exactOptional(),
  reason: stopPush.shape.reason.exactOptional(),
  notify: stopPush.shape.notify,
});
