import { epochMs } from '#domain/time.ts';
import { pushKeys } from '#wire/push/format.ts';
import * as push from '#wire/push/schemas.ts';
import { callUuid } from '#wire/views.ts';
import * as sample from '../samples.ts';
import { described } from '../schemas/component.ts';
import * as words from '../schemas/words.ts';

const keys = (type: string) => ({
  sender: 'carillon',
  version: '1',
  type,
  call_cid: sample.CID,
  call_id: sample.CALL_ID,
  call_type: 'default',
  call_uuid: callUuid(sample.CID),
  ring_id: sample.RING_ID,
  created_by_id: sample.ALICE,
  created_by_name: 'Alice',
  receiver_id: sample.BOB,
  video: 'true',
  sent_at: String(Date.parse(sample.AT)),
  expires_at: String(Date.parse(sample.RINGS_UNTIL)),
});

const NOT_AFTER = 'In ms since 1970. From then on the app must not ring, no matter when the push arrives.';
const WORTH_UNTIL = 'In ms since 1970: until when the push is worth delivering.';
const NOTIFY = '`true` if this push is also the missed-call notice.';
const WAKE_TOKEN = 'A bearer token for this call and handset, valid until 10 minutes after the end of the ring.';

const SHARED = {
  version: 'The version of this push format.',
  ...words.CALL_UUID,
  ring_id: 'The id of the ring that the push belongs to.',
  created_by_id: 'The caller’s user id.',
  created_by_name: 'The caller’s name, or the user id if no name is known.',
  receiver_id: 'The user whom the push is for. An app in which somebody else is logged in ignores it.',
  ...words.VIDEO,
  sent_at: 'When the push was made, in ms since 1970.',
};
const IMAGE = { created_by_image: 'The address of the caller’s picture, if their token has one.' };
const KEYS = {
  ...SHARED,
  ...words.CALL_NAMES,
  sender: 'Always `carillon`: it tells these pushes from the app’s others.',
};
const RING = { ...KEYS, type: 'What the app has to do: ring.', expires_at: NOT_AFTER, wake_token: WAKE_TOKEN };
const MISSED = { ...KEYS, ...IMAGE, type: 'What happened: a call was missed.', expires_at: WORTH_UNTIL };
const ALERT = {
  alert: [
    'What the phone shows.',
    {
      title: 'The title: the caller’s name, unless the operator has configured another.',
      body: 'The text.',
      'title-loc-key': 'The key of the app’s own localised title, in place of `title`.',
      'title-loc-args': 'The arguments of that title.',
      'loc-key': 'The key of the app’s own localised text, in place of `body`.',
      'loc-args': 'The arguments of that text.',
    },
  ],
  sound: 'The sound of the alert; absent if the user does not want to be disturbed.',
  'thread-id': 'The cid, so that the phone groups the alerts of one call.',
} as const;

export const PUSHES =
  'The keys are flat and the same on every platform, and every value is a string. Only `aps`, which iOS reads, is an object.';

/** What a phone gets by push, by the name of its schema. */
export const pushTexts = {
  RingPush: {
    ...described(push.ringPush, { ...RING, ...IMAGE }),
    summary: 'FCM: ring',
    description:
      'The `data` of a message of high priority, without a `notification`. Its time to live is what is left of the ring.',
    example: { ...keys('call.ring'), wake_token: sample.TOKEN },
  },
  StopPush: {
    ...described(push.stopPush, {
      ...KEYS,
      ...IMAGE,
      type: 'What ended the ring: the app has to stop ringing.',
      expires_at: WORTH_UNTIL,
      reason: 'Why the ring ended; each `type` has its own reason, in the same order.',
      notify: NOTIFY,
    }),
    summary: 'FCM: stop ringing',
    description:
      'The `data` of a message of high priority: the ring with this `ring_id` is over. It may arrive before its ring. iPhones get no such push: they learn of it over their WebSocket.',
    example: { ...keys('call.cancelled'), reason: 'cancelled', notify: 'true' },
  },
  MissedPush: {
    ...described(push.missedPush, MISSED),
    summary: 'FCM: a call was missed',
    description: 'The `data` of a message of normal priority, to a phone that did not ring.',
    example: keys('call.missed'),
  },
  ApnsVoipBody: {
    ...described(push.apnsVoipBody, { ...RING, ...IMAGE, aps: 'Always empty: a VoIP push shows nothing by itself.' }),
    summary: 'APNs: ring',
    description:
      'The body of a VoIP push to a PushKit token. Every attempt has the same `apns-id`, and no ring has a second VoIP push.',
    example: { aps: {}, ...keys('call.ring'), wake_token: sample.TOKEN },
  },
  ApnsAlertBody: {
    ...described(push.apnsAlertBody, { ...MISSED, aps: ['What iOS reads: the alert.', ALERT] }),
    summary: 'APNs: a call was missed',
    description: 'The body of an alert to an ordinary token. The phone shows it by itself.',
    example: {
      aps: { alert: { title: 'Alice', body: 'Missed video call' }, sound: 'default', 'thread-id': sample.CID },
      ...keys('call.missed'),
    },
  },
  ApnsAlertRing: {
    ...described(push.apnsAlertRing, {
      ...RING,
      aps: [
        'What iOS reads: the alert.',
        { ...ALERT, 'mutable-content': 'Makes iOS pass the alert to the app’s notification service extension.' },
      ],
    }),
    summary: 'APNs: ring, by an alert',
    description:
      'The body of an alert to an ordinary token, if its push provider is configured to ring by alerts. The notification service extension of the app receives it.',
    example: {
      aps: {
        alert: { title: 'Alice', body: 'Incoming video call' },
        'mutable-content': 1,
        sound: 'default',
        'thread-id': sample.CID,
      },
      ...keys('call.ring'),
      wake_token: sample.TOKEN,
    },
  },
  StreamPush: {
    ...described(push.streamPush, {
      ...SHARED,
      sender: 'Always `stream_video`.',
      call_type: 'What has happened: the call rings, stops ringing, or was missed.',
      stream_call_cid: words.CALL_NAMES.call_cid,
      stream_call_id: words.CALL_NAMES.call_id,
      stream_call_type: words.CALL_NAMES.call_type,
      expires_at: NOT_AFTER,
      wake_token: `${WAKE_TOKEN} Only in a ring.`,
      reason: 'Why the phone has to stop ringing. Only in a stop.',
      notify: NOTIFY,
    }),
    summary: 'FCM: in Stream’s format',
    description:
      'The `data` of a message, if its push provider has the format `stream`: the same keys, four of which have other names.',
    example: pushKeys(
      'stream',
      {
        kind: 'ring',
        cid: sample.CID,
        ringId: sample.RING_ID,
        caller: { id: sample.ALICE, name: 'Alice' },
        video: true,
        sentAt: epochMs(Date.parse(sample.AT)),
        expiresAt: epochMs(Date.parse(sample.RINGS_UNTIL)),
        wakeToken: sample.TOKEN,
      },
      sample.BOB,
    ),
  },
};
