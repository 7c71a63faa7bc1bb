import type * as z from 'zod';
import type { events } from '#wire/socket/native/events.ts';
import * as sample from '../samples.ts';
import type { Example, FieldsOf } from '../schemas/component.ts';
import * as words from '../schemas/words.ts';

const { ALICE, BOB, inCall, stateEvent } = sample;

/** An event, in words. */
interface EventText<Schema extends z.ZodType> {
  readonly summary: string;
  /** Who gets it. */
  readonly to: string;
  readonly fields: FieldsOf<Schema>;
  readonly example: Example;
}

const ON_CALL = {
  ...words.FRAME_TYPE,
  created_at: 'When it happened.',
  ...words.CALL_NAMES,
  user: 'The user who caused it; absent if a timer did.',
};
const STATE = {
  ...ON_CALL,
  call: 'The call.',
  members: 'The members of the call; if it has more than 10, only those that changed.',
  ...words.OMITTED,
  version: 'The `version` of the call: of two events the higher one is the newer.',
};
const SIGNAL = { ...ON_CALL, from_user_id: 'The user who sent it.', ...words.SEQ };
const SDP = { ...SIGNAL, sdp: 'The session description.' };
const ADDRESSEE = 'the user that the sender named, or every other member who takes part';

/** Every event that a client may get, by its `type`. */
export const eventTexts: { readonly [Type in keyof typeof events]: EventText<(typeof events)[Type]> } = {
  'user.connected': {
    summary: 'The connection is open and ready for use',
    to: 'the new connection; other events may arrive before it',
    fields: {
      ...words.FRAME_TYPE,
      created_at: 'When it happened.',
      connection_id: 'The id of this WebSocket.',
      user: [
        'The user who is connected.',
        {
          id: 'The user id.',
          name: 'The user’s name.',
          ...words.IMAGE,
          online: 'Always `true`.',
        },
      ],
      ice_servers:
        'What an `RTCPeerConnection` takes as `iceServers`: STUN servers, and a TURN server if the deployment has one.',
      server_time: 'The server’s clock.',
      ...words.CALL_TOKEN,
    },
    example: {
      type: 'user.connected',
      created_at: sample.AT,
      connection_id: sample.CONNECTION_ID,
      user: { id: BOB, name: 'Bob', online: true },
      ice_servers: sample.ICE_SERVERS,
      server_time: sample.AT,
      call_token: sample.TOKEN,
    },
  },
  'connection.replaced': {
    summary: 'The user has opened an eleventh connection; this one is closed',
    to: 'the oldest connection, right before it is closed: an app must not open it again by itself',
    fields: { ...words.FRAME_TYPE, created_at: 'When it happened.' },
    example: { type: 'connection.replaced', created_at: sample.AT },
  },
  'call.ring': {
    summary: 'The call rings until `expires_at`',
    to: 'the callees, and to each callee who connects while the call still rings for them, straight after `user.connected`',
    fields: { ...STATE, ...words.VIDEO, expires_at: 'When the ring ends.', ...words.RING_ID },
    example: {
      ...stateEvent('call.ring', sample.RINGING, 'alice'),
      video: true,
      expires_at: sample.RINGS_UNTIL,
      ring_id: sample.RING_ID,
    },
  },
  'call.active': {
    summary: 'The user is in this call, which goes on',
    to: 'a connection that opens while its user is in a live call, straight after `user.connected`',
    fields: {
      ...STATE,
      resumable:
        'Whether `call.resume` goes on with the call here: the handset in the call is not connected, or it is this one, whose app was started anew.',
    },
    example: { ...stateEvent('call.active', sample.ACTIVE), resumable: true },
  },
  'call.ringing': {
    summary: 'A device of `user` has reported that it rings',
    to: 'the caller, once for each device',
    fields: ON_CALL,
    example: inCall('call.ringing', 'bob'),
  },
  'call.unreachable': {
    summary: 'No device of this callee can ring',
    to: 'the caller',
    fields: { ...ON_CALL, user_id: 'The callee.', reason: 'Why no device of the callee can ring.' },
    example: { ...inCall('call.unreachable'), user_id: BOB, reason: 'no_devices' },
  },
  'call.accepted': {
    summary: 'Somebody has answered',
    to: 'all members',
    fields: { ...STATE, answered_by: ['The user who answered.', { user_id: 'The user.' }] },
    example: { ...stateEvent('call.accepted', sample.ACTIVE, 'bob'), answered_by: { user_id: BOB } },
  },
  'call.rejected': {
    summary: 'Somebody has declined, or is in another call',
    to: 'all members; if the reason is `busy`, only to the caller',
    fields: { ...STATE, reason: 'Why: `decline`, `busy`, `cancel` or the app’s own text.' },
    example: { ...stateEvent('call.rejected', sample.REJECTED, 'bob'), reason: 'decline' },
  },
  'call.cancelled': {
    summary: 'The caller has hung up before anybody answered',
    to: 'the callees',
    fields: { ...STATE, reason: '`replaced` if the caller rang again instead; else absent.' },
    example: stateEvent('call.cancelled', sample.CANCELLED, 'alice'),
  },
  'call.missed': {
    summary: 'The time to answer is over',
    to: 'the caller, and to the callees who missed the call',
    fields: STATE,
    example: stateEvent('call.missed', sample.MISSED),
  },
  'call.member_added': {
    summary: 'Somebody was added to the call',
    to: 'all members',
    fields: { ...STATE, user_id: 'The new member.' },
    example: { ...stateEvent('call.member_added', sample.WITH_CAROL, 'alice'), user_id: sample.CAROL },
  },
  'call.member_left': {
    summary: 'Somebody has left the call',
    to: 'all members',
    fields: { ...STATE, user_id: 'The member who left.' },
    example: { ...stateEvent('call.member_left', sample.LEFT, 'bob'), user_id: BOB },
  },
  'call.ended': {
    summary: 'The call has ended',
    to: 'all members, however the call ended, after the event that ended it',
    fields: { ...STATE, reason: 'How the call ended; `replaced` if one of the two rang the other again instead.' },
    example: { ...stateEvent('call.ended', sample.COMPLETED, 'alice'), reason: 'completed' },
  },
  'sdp.offer': {
    summary: 'A session description: an offer',
    to: ADDRESSEE,
    fields: SDP,
    example: { ...inCall('sdp.offer', 'alice'), sdp: sample.OFFER_SDP, seq: 1, from_user_id: ALICE },
  },
  'sdp.answer': {
    summary: 'A session description: an answer',
    to: ADDRESSEE,
    fields: SDP,
    example: { ...inCall('sdp.answer', 'bob'), sdp: sample.ANSWER_SDP, from_user_id: BOB },
  },
  'ice.candidate': {
    summary: 'ICE candidates',
    to: ADDRESSEE,
    fields: { ...SIGNAL, ...words.ICE },
    example: { ...inCall('ice.candidate', 'alice'), ...sample.CANDIDATE, seq: 2, from_user_id: ALICE },
  },
};
