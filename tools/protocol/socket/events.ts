import type { events } from '#wire/socket/native/events.ts';
import * as sample from '../samples.ts';

const { ALICE, BOB, inCall, stateEvent } = sample;

/** An event, in words. */
export interface EventText {
  readonly summary: string;
  /** Who gets it. */
  readonly to: string;
  readonly example: object;
}

/** Every event that a client may get, by its `type`. */
export const eventTexts: Readonly<Record<keyof typeof events, EventText>> = {
  'user.connected': {
    summary: 'The connection is open, and may be used',
    to: 'the new connection; an event may overtake it',
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
  'call.ring': {
    summary: 'Ring, until `expires_at`',
    to: 'the callees; also, straight after `user.connected`, one who connects while still ringing',
    example: {
      ...stateEvent('call.ring', sample.RINGING, 'alice'),
      video: true,
      expires_at: sample.RINGS_UNTIL,
      ring_id: sample.RING_ID,
    },
  },
  'call.ringing': {
    summary: 'A device of `user` really rings',
    to: 'the caller, for each device',
    example: inCall('call.ringing', 'bob'),
  },
  'call.unreachable': {
    summary: 'Nothing of this callee can ring',
    to: 'the caller',
    example: { ...inCall('call.unreachable'), user_id: BOB, reason: 'no_devices' },
  },
  'call.accepted': {
    summary: 'Somebody has answered',
    to: 'all members',
    example: { ...stateEvent('call.accepted', sample.ACTIVE, 'bob'), answered_by: { user_id: BOB } },
  },
  'call.rejected': {
    summary: 'Somebody has declined, or is in another call',
    to: 'all members; with `busy` only the caller',
    example: { ...stateEvent('call.rejected', sample.REJECTED, 'bob'), reason: 'decline' },
  },
  'call.cancelled': {
    summary: 'The caller has hung up before anybody answered',
    to: 'the callees',
    example: stateEvent('call.cancelled', sample.CANCELLED, 'alice'),
  },
  'call.missed': {
    summary: 'The time to answer is over',
    to: 'the caller, and the callees who missed it',
    example: stateEvent('call.missed', sample.MISSED),
  },
  'call.member_added': {
    summary: 'Somebody was added to the call',
    to: 'all members',
    example: { ...stateEvent('call.member_added', sample.WITH_CAROL, 'alice'), user_id: sample.CAROL },
  },
  'call.member_left': {
    summary: 'Somebody has left the call',
    to: 'all members',
    example: { ...stateEvent('call.member_left', sample.LEFT, 'bob'), user_id: BOB },
  },
  'call.ended': {
    summary: 'The call has ended',
    to: 'all members, at every end, after the event that ended it',
    example: { ...stateEvent('call.ended', sample.COMPLETED, 'alice'), reason: 'completed' },
  },
  'sdp.offer': {
    summary: 'A session description that offers',
    to: 'whom the sender meant',
    example: { ...inCall('sdp.offer', 'alice'), sdp: sample.OFFER_SDP, seq: 1, from_user_id: ALICE },
  },
  'sdp.answer': {
    summary: 'A session description that answers',
    to: 'whom the sender meant',
    example: { ...inCall('sdp.answer', 'bob'), sdp: sample.ANSWER_SDP, from_user_id: BOB },
  },
  'ice.candidate': {
    summary: 'ICE candidates',
    to: 'whom the sender meant',
    example: { ...inCall('ice.candidate', 'alice'), ...sample.CANDIDATE, seq: 2, from_user_id: ALICE },
  },
};
