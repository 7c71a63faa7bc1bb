import * as z from 'zod';
import { described } from '../schemas/component.ts';

/** One request that a fake push service of the local stack received. */
export const localPushSchema = z.strictObject({
  at: z.iso.datetime({ precision: 3 }),
  monotonic_ms: z.number(),
  provider: z.enum(['fcm', 'apns', 'apns-sandbox', 'webpush']),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  raw: z.base64().exactOptional(),
  status: z.int(),
  delivered_at: z.iso.datetime({ precision: 3 }).exactOptional(),
});

export const LOCAL_PUSHES =
  'The local stack pushes to fakes of FCM, APNs and a push service of browsers, whose `token` is the endpoint of the subscription. `GET /_local/pushes?token=<push token>` answers `{"pushes": […]}`: the requests that the fakes have received for this token, the oldest first, at most the latest 1000. With `&at_least=<n>` it waits until there are that many, for 10 seconds at most. `DELETE` with the same `token` forgets them. Each has these fields:';

export const localPush = described(localPushSchema, {
  at: 'When the request arrived.',
  monotonic_ms: 'The same moment on the machine’s monotonic clock, in ms.',
  provider:
    'The service: `apns-sandbox` is the development environment of APNs, `webpush` the push service of browsers.',
  path: 'The path of the request.',
  headers:
    'Its headers, with names in lower case. Of `authorization` only the scheme is kept, but for Web Push, where it is VAPID’s.',
  body: 'Its JSON, or its text if that is not JSON. For FCM the keys of the push are in `message.data`; for APNs the body is the push itself. For Web Push it is what the browser decrypts, or null if it cannot.',
  raw: 'For Web Push, the body as it came, as base64.',
  status: 'The status of the answer; 0 if the sender got none.',
  delivered_at: 'When the push reached the phone. Absent if it has not.',
});
