import type { ErrorCode } from '#domain/errors.ts';
import type { commandFrames, signalFrames } from '#wire/socket/native/frames.ts';
import * as sample from '../samples.ts';

const { ALICE, BOB, CID } = sample;

/** A frame that a client may send. */
export interface CommandFrame {
  readonly summary: string;
  /** What answers it where it has an `id`. */
  readonly answer: 'CallResponse' | 'AcceptResponse' | 'Response' | 'Pong';
  readonly examples: Readonly<Record<string, object>>;
  readonly codes: readonly ErrorCode[];
}

const usual = ['validation_failed', 'not_allowed', 'internal'] as const;
const onCall = [...usual, 'not_found', 'not_a_member', 'call_ended', 'contended'] as const;
const signal = [...usual, 'not_found', 'not_a_member', 'call_ended', 'not_ringing', 'payload_too_large'] as const;

/** Every frame that a client may send, by its `type`. */
export const commandTexts: Readonly<
  Record<keyof typeof commandFrames | keyof typeof signalFrames | 'ping', CommandFrame>
> = {
  'call.ring': {
    summary: 'Creates a call and rings it; the offer goes in the same frame',
    answer: 'CallResponse',
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
    codes: [...usual, 'too_many_members', 'not_a_member', 'call_ended', 'glare', 'payload_too_large', 'contended'],
  },
  'call.accept': {
    summary: 'Answers a call; of all devices of a callee one wins',
    answer: 'AcceptResponse',
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
    summary: 'Declines a call: all phones of the user fall silent',
    answer: 'CallResponse',
    examples: { 'Bob does not want to talk': { type: 'call.reject', id: 'c3', call_cid: CID, reason: 'decline' } },
    codes: [...onCall, 'already_answered', 'not_ringing'],
  },
  'call.cancel': {
    summary: 'Cancels a call that nobody has answered; for the caller',
    answer: 'CallResponse',
    examples: { 'Alice thinks better of it': { type: 'call.cancel', id: 'c4', call_cid: CID } },
    codes: [...onCall, 'already_answered'],
  },
  'call.leave': {
    summary: 'Leaves a call',
    answer: 'CallResponse',
    examples: { 'Bob hangs up': { type: 'call.leave', id: 'c5', call_cid: CID } },
    codes: onCall,
  },
  'call.end': {
    summary: 'Ends a call for all; for who created it, and for each member of a two-person call',
    answer: 'CallResponse',
    examples: { 'Alice hangs up': { type: 'call.end', id: 'c6', call_cid: CID } },
    codes: onCall,
  },
  'call.ringing': {
    summary: 'Says that this device really rings',
    answer: 'CallResponse',
    examples: { 'Bob’s phone rings': { type: 'call.ringing', id: 'c7', call_cid: CID } },
    codes: [...usual, 'not_found', 'not_a_member', 'call_ended', 'not_ringing'],
  },
  'sdp.offer': {
    summary: 'Sends a session description that offers',
    answer: 'Response',
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
    summary: 'Sends a session description that answers',
    answer: 'Response',
    examples: {
      'Bob answers': { type: 'sdp.answer', id: 'c9', call_cid: CID, sdp: sample.ANSWER_SDP, target_user_id: ALICE },
    },
    codes: signal,
  },
  'ice.candidate': {
    summary: 'Sends ICE candidates',
    answer: 'Response',
    examples: {
      'one candidate': { type: 'ice.candidate', id: 'c10', call_cid: CID, ...sample.CANDIDATE, seq: 2 },
      'many in one frame': {
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
    summary: 'Keeps the connection alive: every 4 minutes. It takes no `id`',
    answer: 'Pong',
    examples: { 'a ping': { type: 'ping' } },
    codes: [],
  },
};

/** What the server answers to a frame. */
export const answerTexts = {
  CallResponse: {
    summary: 'The answer to a command on a call',
    example: { type: 'response', id: 'c1', ok: true, ...sample.RINGING },
  },
  AcceptResponse: {
    summary: 'The answer to `call.accept`',
    example: { type: 'response', id: 'c2', ok: true, ...sample.ACTIVE, call_token: sample.TOKEN },
  },
  Response: { summary: 'The answer to a signal', example: { type: 'response', id: 'c8', ok: true } },
  Pong: { summary: 'The answer to a ping', example: { type: 'pong' } },
  ErrorFrame: {
    summary: 'A frame that was refused, whether or not it had an `id`',
    example: {
      type: 'error',
      id: 'c2',
      for: 'call.accept',
      error: { code: 'call_ended', message: 'the call has ended' },
      ...sample.CANCELLED,
    },
  },
} as const;
