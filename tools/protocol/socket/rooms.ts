import * as z from 'zod';
import type { ErrorCode } from '#domain/errors.ts';
import { roomEvents } from '#wire/socket/rooms/events.ts';
import { roomId, roomPayloads } from '#wire/socket/rooms/frames.ts';
import * as sample from '../samples.ts';
import { type Component, type Components, componentName, type Example, type Meanings } from '../schemas/component.ts';

/** What everybody in a room may rely on, in words. */
export const ROOMS = [
  'A room is a meeting place: whoever has signed in and knows its id comes in, up to 50 connections. It exists while somebody is in it. Nobody is rung.',
  'Open it with a login token, or with a server token that names a user. The upgrade is refused with 400 if the room id is not valid, with 401 without a good token, and with 403 if the token is of another kind or the room is full.',
  'Whoever has come in gets `room_state` first, themselves included. A user on several devices is one participant. A frame of theirs never comes back to a user. Candidates may overtake the description that they belong to. Ignore types that you do not know.',
].join('\n\n');

/** What a client in a room may send, by `type`. */
export const roomCommands = {
  offer: command('offer', roomPayloads.offer),
  answer: command('answer', roomPayloads.answer),
  ice_candidate: command('ice_candidate', roomPayloads.ice_candidate),
} as const;

function command<Payload extends z.ZodType>(type: keyof typeof roomPayloads, payload: Payload) {
  return z.object({ type: z.literal(type), payload, room_id: roomId, timestamp: z.unknown().optional() });
}

interface RoomText {
  readonly summary: string;
  readonly payload: readonly [string, Meanings];
  readonly example: Example;
}

const ROOM = 'standup';
const ENVELOPE = { room_id: ROOM, timestamp: sample.AT };
const FIELDS = {
  type: 'What the frame is.',
  room_id: 'The room of this connection.',
};
const SDP = { type: 'The type of the description.', sdp: 'The session description: at most 24 KiB.' };
const CANDIDATE = {
  candidate: 'The candidate; empty or null: there are no more.',
  sdp_mid: 'The media section that it belongs to, by its name.',
  sdp_m_line_index: 'The same, by its number.',
};
const TARGET = { target_user_id: 'Whom it is for; absent: everybody else in the room.' };
const SENDER = { sender_id: 'The user who sent it.' };
const PERSON = { user_id: 'The user id.', username: 'Their name, or else their id.' };

const OFFER = { type: 'offer', sdp: sample.OFFER_SDP };
const ANSWER = { type: 'answer', sdp: sample.ANSWER_SDP, target_user_id: sample.ALICE };
const ONE = { candidate: sample.CANDIDATE.candidate, sdp_mid: '0', sdp_m_line_index: 0, target_user_id: sample.ALICE };
const BOB = { user_id: sample.BOB, username: 'Bob' };

/** What refuses a frame in a room. */
export const ROOM_CODES: readonly ErrorCode[] = [
  'invalid_json',
  'unknown_type',
  'validation_failed',
  'not_found',
  'payload_too_large',
  'contended',
  'internal',
];

export const roomCommandTexts: { readonly [Type in keyof typeof roomCommands]: RoomText } = {
  offer: {
    summary: 'Offers a peer connection to one user, or to everybody else',
    payload: ['It is relayed as it is.', { ...SDP, ...TARGET }],
    example: { type: 'offer', payload: OFFER, ...ENVELOPE },
  },
  answer: {
    summary: 'Answers an offer',
    payload: ['It is relayed as it is.', { ...SDP, ...TARGET }],
    example: { type: 'answer', payload: ANSWER, ...ENVELOPE },
  },
  ice_candidate: {
    summary: 'Sends one ICE candidate',
    payload: ['It is relayed as it is.', { ...CANDIDATE, ...TARGET }],
    example: { type: 'ice_candidate', payload: ONE, ...ENVELOPE },
  },
};

export const roomEventTexts: { readonly [Type in keyof typeof roomEvents]: RoomText } = {
  room_state: {
    summary: 'Who is in the room; the first frame to whoever has come in',
    payload: ['The room.', { participants: ['Everybody who is there.', PERSON], room_id: 'The room.' }],
    example: {
      type: 'room_state',
      payload: { participants: [{ user_id: sample.ALICE, username: 'Alice' }, BOB], room_id: ROOM },
      ...ENVELOPE,
    },
  },
  user_joined: {
    summary: 'A user has come in, with their first device',
    payload: ['Who it is.', PERSON],
    example: { type: 'user_joined', payload: BOB, ...ENVELOPE },
  },
  user_left: {
    summary: 'The last device of a user has gone',
    payload: ['Who it was.', PERSON],
    example: { type: 'user_left', payload: BOB, ...ENVELOPE },
  },
  offer: {
    summary: 'Somebody offers a peer connection',
    payload: ['What they sent.', { ...SDP, ...TARGET, ...SENDER }],
    example: { type: 'offer', payload: { ...OFFER, sender_id: sample.ALICE }, ...ENVELOPE },
  },
  answer: {
    summary: 'Somebody answers an offer',
    payload: ['What they sent.', { ...SDP, ...TARGET, ...SENDER }],
    example: { type: 'answer', payload: { ...ANSWER, sender_id: sample.BOB }, ...ENVELOPE },
  },
  ice_candidate: {
    summary: 'An ICE candidate of somebody',
    payload: ['What they sent.', { ...CANDIDATE, ...TARGET, ...SENDER }],
    example: { type: 'ice_candidate', payload: { ...ONE, sender_id: sample.BOB }, ...ENVELOPE },
  },
  keep_alive: {
    summary: 'Says nothing: it keeps a quiet connection open',
    payload: ['Empty.', {}],
    example: { type: 'keep_alive', payload: {}, ...ENVELOPE },
  },
  error: {
    summary: 'A frame of this connection was refused; it stays open',
    payload: ['What is wrong.', { message: 'In words.', code: 'For programs.' }],
    example: {
      type: 'error',
      payload: { message: 'carol is not in this room', code: 'not_found' },
      ...ENVELOPE,
    },
  },
};

const componentsOf = (
  kind: string,
  schemas: Readonly<Record<string, z.ZodType>>,
  texts: Readonly<Record<string, RoomText>>,
  timestamp: string,
): Components =>
  Object.fromEntries(
    Object.entries(schemas).map(([type, schema]): [string, Component] => [
      componentName(type, kind),
      { schema, fields: { ...FIELDS, timestamp, payload: texts[type]?.payload ?? '' } },
    ]),
  );

/** The schemas of everything in a room. */
export const roomComponents: Components = {
  ...componentsOf('RoomFrame', roomCommands, roomCommandTexts, 'Ignored.'),
  ...componentsOf('RoomEvent', roomEvents, roomEventTexts, 'When it was sent.'),
};
