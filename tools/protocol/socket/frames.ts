import type { ErrorCode } from '#domain/errors.ts';
import * as wire from '#wire/socket/native/events.ts';
import type { commandFrames, signalFrames } from '#wire/socket/native/frames.ts';
import * as sample from '../samples.ts';
import { described, type Example, type FieldsOf, type Meanings } from '../schemas/component.ts';
import * as words from '../schemas/words.ts';

const { ALICE, BOB, CID } = sample;

/** A frame that a client may send. */
export interface CommandText<Fields = Meanings> {
  readonly summary: string;
  /** What answers it if it has an `id`. */
  readonly answer: 'CallResponse' | 'AcceptResponse' | 'Response' | 'Pong';
  /** What its fields mean, besides `type` and `id`. */
  readonly fields: Fields;
  readonly keywords?: object;
  readonly examples: Readonly<Record<string, Example>>;
  readonly codes: readonly ErrorCode[];
}

type Frames = typeof commandFrames & typeof signalFrames;

const { call_cid, call_id, call_type } = words.CALL_NAMES;
const ON_CALL = { call_cid };
const SDP = { ...ON_CALL, sdp: 'The session description: at most 24 KiB.', ...words.TARGET };

const always = ['validation_failed', 'not_allowed', 'internal'] as const;
const onCall = [...always, 'not_found', 'not_a_member', 'call_ended', 'contended'] as const;
const signal = [...always, 'not_found', 'not_a_member', 'call_ended', 'not_ringing', 'payload_too_large'] as const;

/** Every frame that a client may send, by its `type`. */
export const commandTexts: { readonly [Type in keyof Frames]: CommandText<FieldsOf<ReturnType<Frames[Type]>>> } & {
  readonly ping: CommandText;
} = {
  'call.ring': {
    summary: 'Creates a call and rings it; the offer goes in the same frame',
    answer: 'CallResponse',
    fields: { ...words.NEW_CALL, call_id, call_type, custom: 'The app’s own data: at most 2 KiB of JSON.' },
    examples: {
      'Alice rings Bob': {
        type: 'call.ring',
        id: 'c1',
        call_id: sample.CALL_ID,
        members: [{ user_id: BOB }],
        video: true,
        custom: { topic: 'lunch' },
        offer: { type: 'offer', sdp: sample.OFFER_SDP },
      },
    },
    codes: [
      ...always,
      'too_many_members',
      'not_a_member',
      'call_ended',
      'glare',
      'payload_too_large',
      'rate_limited',
      'contended',
    ],
  },
  'call.accept': {
    summary: 'Answers a call; of all the devices of a callee one wins',
    answer: 'AcceptResponse',
    fields: { ...ON_CALL, ...words.ANSWER, ...words.MEANT_RING },
    examples: {
      'Bob answers': {
        type: 'call.accept',
        id: 'c2',
        call_cid: CID,
        answer: { type: 'answer', sdp: sample.ANSWER_SDP },
      },
    },
    codes: [...onCall, 'already_answered', 'not_ringing', 'payload_too_large'],
  },
  'call.reject': {
    summary: 'Declines a call; all phones of the user stop ringing',
    answer: 'CallResponse',
    fields: { ...ON_CALL, ...words.REJECT_REASON, ...words.MEANT_RING },
    examples: { 'Bob does not want to talk': { type: 'call.reject', id: 'c3', call_cid: CID, reason: 'decline' } },
    codes: [...onCall, 'already_answered', 'not_ringing'],
  },
  'call.cancel': {
    summary: 'Cancels a call that nobody has answered; only the caller may',
    answer: 'CallResponse',
    fields: ON_CALL,
    examples: { 'Alice changes her mind': { type: 'call.cancel', id: 'c4', call_cid: CID } },
    codes: [...onCall, 'already_answered'],
  },
  'call.leave': {
    summary: 'Leaves a call',
    answer: 'CallResponse',
    fields: ON_CALL,
    examples: { 'Bob hangs up': { type: 'call.leave', id: 'c5', call_cid: CID } },
    codes: onCall,
  },
  'call.end': {
    summary: 'Ends a call for everybody; the user who created it may, and both members of a two-person call',
    answer: 'CallResponse',
    fields: ON_CALL,
    examples: { 'Alice hangs up': { type: 'call.end', id: 'c6', call_cid: CID } },
    codes: onCall,
  },
  'call.ringing': {
    summary: 'Reports that this device rings',
    answer: 'CallResponse',
    fields: ON_CALL,
    examples: { 'Bob’s phone rings': { type: 'call.ringing', id: 'c7', call_cid: CID } },
    codes: [...always, 'not_found', 'not_a_member', 'call_ended', 'not_ringing'],
  },
  'call.resume': {
    summary:
      'Puts this connection into a call that its user is in, on this handset or on one that has gone; signals go to it from now on',
    answer: 'CallResponse',
    fields: ON_CALL,
    examples: { 'Bob’s app was started anew': { type: 'call.resume', id: 'c12', call_cid: CID } },
    codes: [...onCall, 'already_answered'],
  },
  'sdp.offer': {
    summary: 'Sends a session description: an offer',
    answer: 'Response',
    fields: SDP,
    examples: {
      'Alice offers': {
        type: 'sdp.offer',
        id: 'c8',
        call_cid: CID,
        sdp: sample.OFFER_SDP,
        target_user_id: BOB,
        seq: 1,
      },
    },
    codes: signal,
  },
  'sdp.answer': {
    summary: 'Sends a session description: an answer',
    answer: 'Response',
    fields: SDP,
    examples: {
      'Bob answers': { type: 'sdp.answer', id: 'c9', call_cid: CID, sdp: sample.ANSWER_SDP, target_user_id: ALICE },
    },
    codes: signal,
  },
  'ice.candidate': {
    summary: 'Sends ICE candidates',
    answer: 'Response',
    fields: { ...ON_CALL, ...words.ICE, ...words.TARGET },
    keywords: words.SOME_CANDIDATE,
    examples: {
      'one candidate': { type: 'ice.candidate', id: 'c10', call_cid: CID, ...sample.CANDIDATE, seq: 2 },
      'several in one frame': {
        type: 'ice.candidate',
        id: 'c11',
        call_cid: CID,
        candidates: [sample.CANDIDATE, { candidate: '', sdpMid: null, sdpMLineIndex: null }],
        seq: 3,
      },
    },
    codes: signal,
  },
  ping: {
    summary: 'Keeps the connection open: send it every 4 minutes. It has no `id`',
    answer: 'Pong',
    fields: {},
    examples: { 'a ping': { type: 'ping' } },
    codes: [],
  },
};

const RESPONSE = { ...words.FRAME_TYPE, id: 'The `id` of the frame that this answers.', ok: 'Always `true`.' };
const CALL_RESPONSE = { ...RESPONSE, ...words.WHOLE_CALL, ...words.OMITTED };

/** What the server answers to a frame, by the name of its schema. */
export const answerTexts = {
  CallResponse: {
    ...described(wire.callResponse, CALL_RESPONSE),
    summary: 'The answer to a command on a call',
    example: { type: 'response', id: 'c1', ok: true, ...sample.RINGING },
  },
  AcceptResponse: {
    ...described(wire.acceptResponse, { ...CALL_RESPONSE, ...words.CALL_TOKEN }),
    summary: 'The answer to `call.accept`',
    example: { type: 'response', id: 'c2', ok: true, ...sample.ACTIVE, call_token: sample.TOKEN },
  },
  Response: {
    ...described(wire.plainResponse, RESPONSE),
    summary: 'The answer to a signal',
    example: { type: 'response', id: 'c8', ok: true },
  },
  Pong: { ...described(wire.pong, words.FRAME_TYPE), summary: 'The answer to a ping', example: { type: 'pong' } },
  ErrorFrame: {
    ...described(wire.errorFrame, {
      ...words.FRAME_TYPE,
      id: 'The `id` of the frame that was refused, if it had one.',
      for: 'The `type` of the frame that was refused.',
      error: [
        'What went wrong.',
        {
          code: 'What went wrong, for programs.',
          message: 'What went wrong, for people.',
          ...words.FIELD_ERRORS,
          ...words.REQUEST_ID,
          retry_after_s: 'After how many seconds to try again; only with `rate_limited`.',
        },
      ],
      ...words.REFUSED_CALL,
      ...words.OMITTED,
    }),
    summary: 'The answer to a frame that was refused, even if it had no `id`',
    example: {
      type: 'error',
      id: 'c2',
      for: 'call.accept',
      error: { code: 'call_ended', message: 'the call has ended' },
      ...sample.CANCELLED,
    },
  },
};
