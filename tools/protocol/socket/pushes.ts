import { epochMs } from '#domain/time.ts';
import { pushKeys } from '#wire/push/format.ts';
import { callUuid } from '#wire/views.ts';
import * as sample from '../samples.ts';

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

/** What a phone gets by push, by the name of its schema. */
export const pushTexts = {
  RingPush: {
    summary: 'FCM: ring',
    description:
      'The `data` of a message of high priority, without a `notification`; its time to live is what is left of the ring.',
    example: { ...keys('call.ring'), wake_token: sample.TOKEN },
  },
  StopPush: {
    summary: 'FCM: fall silent',
    description:
      'The `data` of a message of high priority: the ring with this `ring_id` is over. It may overtake its ring. iPhones hear of it over their WebSocket.',
    example: { ...keys('call.cancelled'), reason: 'cancelled', notify: 'true' },
  },
  MissedPush: {
    summary: 'FCM: a call was missed',
    description: 'The `data` of a message of normal priority, to a phone that did not ring.',
    example: keys('call.missed'),
  },
  ApnsVoipBody: {
    summary: 'APNs: ring',
    description:
      'The body of a VoIP push to a PushKit token. Every attempt has the same `apns-id`; there is never a second VoIP push for one ring.',
    example: { aps: {}, ...keys('call.ring'), wake_token: sample.TOKEN },
  },
  ApnsAlertBody: {
    summary: 'APNs: a call was missed',
    description: 'The body of an alert to an ordinary token: the phone shows it by itself.',
    example: {
      aps: { alert: { title: 'Alice', body: 'Missed video call' }, sound: 'default', 'thread-id': sample.CID },
      ...keys('call.missed'),
    },
  },
  ApnsAlertRing: {
    summary: 'APNs: ring, by an alert',
    description:
      'The body of an alert to an ordinary token of a push provider whose app rings that way: its notification service extension takes it.',
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
    summary: 'FCM: in Stream’s format',
    description:
      'The `data` of a message of a push provider with the format `stream`: the same keys, four of them by other names.',
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
} as const;
