import { callResource } from '#wire/call.ts';
import { acceptedCall, callPage, createdCall } from '#wire/rest/answers.ts';
import { nextToken } from '#wire/rest/requests.ts';
import { trace } from '#wire/rest/trace.ts';
import * as sample from '../samples.ts';
import type { Chapter } from './described.ts';

const { ALICE, BOB, CAROL } = sample;
const here = ['not_found', 'not_a_member'] as const;

const call = (description: string, example: object) => ({ 200: { description, schema: callResource, example } });

/** Calls, from ring to hang-up. */
export const calls = {
  name: 'Calls',
  description:
    'A call has 2 to 100 members. The app chooses its type and id, and uses an id once: an ended call stays readable, 30 days by default. Whoever gets answers and events out of order keeps the one with the highest `version`.',
  operations: {
    createCall: {
      summary: 'Get a call or create it, and ring',
      description:
        'Where the call exists already, `members`, `video` and `data` are ignored. With `ring` it rings at once: `call.ring` on every connection of each callee, a push to each of their phones.',
      examples: {
        'a video call, ringing at once': {
          members: [{ user_id: BOB }],
          ring: true,
          video: true,
          data: { custom: { topic: 'lunch' } },
          settings_override: { ring: { auto_cancel_timeout_ms: 45_000 } },
          offer: { type: 'offer', sdp: sample.OFFER_SDP },
        },
        'a group, to be rung later': { members: [{ user_id: BOB }, { user_id: CAROL }] },
      },
      answers: {
        201: { description: 'It is created.', schema: createdCall, example: { ...sample.RINGING, created: true } },
        200: {
          description: 'It was there.',
          schema: createdCall,
          example: { ...sample.RINGING, created: false },
        },
      },
      codes: ['too_many_members', 'not_a_member', 'call_ended', 'glare', 'contended'],
    },
    getCall: {
      summary: 'Read a call',
      description: 'Also after its end: what a phone that wakes too late has to know.',
      answers: call('The call as it stands.', sample.RINGING),
      codes: here,
    },
    listCalls: {
      summary: 'List one’s own calls',
      query: { status: 'missed', limit: '25', next: nextToken(`${sample.AT}#${sample.CID}`) },
      answers: {
        200: {
          description: 'A page of them, newest first.',
          schema: callPage,
          example: { calls: [sample.MISSED], next: nextToken(`${sample.AT}#${sample.CID}`) },
        },
      },
    },
    ringCall: {
      summary: 'Ring members of a call',
      description: 'Any member may. A retry with the same `ring_id` rings nobody twice.',
      examples: {
        'all who are still invited': {},
        'Bob, once more': { ring_id: 'ring-2', member_ids: [BOB] },
      },
      answers: call('It rings.', sample.RINGING),
      codes: [...here, 'call_ended', 'glare', 'contended'],
    },
    addMembers: {
      summary: 'Add members to a live call',
      description: 'Who created the call may, and a server token.',
      examples: { 'Carol, who is rung at once': { members: [{ user_id: CAROL }], ring: true } },
      answers: call('They are members.', sample.WITH_CAROL),
      codes: [...here, 'too_many_members', 'call_ended', 'glare', 'contended'],
    },
    reportRinging: {
      summary: 'Say that this device really rings',
      description: 'The caller gets `call.ringing`.',
      examples: { 'Bob’s iPhone rings': { hardware_id: 'bobs-iphone' } },
      answers: call('The caller has been told.', sample.RINGING),
      codes: [...here, 'call_ended', 'not_ringing'],
    },
    acceptCall: {
      summary: 'Answer a call',
      description:
        'Of all devices of a callee one wins; the same device asking again gets the same answer. With a wake token the answer has a `call_token` for the rest of the call.',
      examples: {
        'on Bob’s iPhone, with its answer': {
          hardware_id: 'bobs-iphone',
          answer: { type: 'answer', sdp: sample.ANSWER_SDP },
        },
      },
      answers: {
        200: {
          description: 'This device has answered.',
          schema: acceptedCall,
          example: { ...sample.ACTIVE, call_token: sample.TOKEN },
        },
      },
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended'],
    },
    rejectCall: {
      summary: 'Decline a call; for the caller: cancel it',
      description: 'All phones of the user fall silent.',
      examples: { 'Bob does not want to talk': { reason: 'decline', hardware_id: 'bobs-iphone' } },
      answers: call('It does not ring for this user any more.', sample.REJECTED),
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended'],
    },
    leaveCall: {
      summary: 'Leave a call',
      description: 'While nobody has answered, the caller’s leave cancels the call. A wake token may not.',
      examples: { 'Bob hangs up': { hardware_id: 'bobs-iphone' } },
      answers: call('The user is out of it.', sample.LEFT),
      codes: [...here, 'call_ended', 'contended'],
    },
    endCall: {
      summary: 'End a call for all',
      description: 'Who created it may, and each member of a two-person call. A wake token may not.',
      examples: { 'Alice hangs up': {} },
      answers: call('It has ended.', sample.COMPLETED),
      codes: [...here, 'call_ended', 'contended'],
    },
    getTrace: {
      summary: 'Read why phones rang, or why not',
      description:
        'Events: `call.created`, `ring.requested`, `push.attempted`, `push.accepted`, `push.failed`, `push.skipped`, `device.removed`, `device.connected`, `device.ringing`, `event.delivered`, `event.gone`, `call.unreachable`, and the events of the call. Which device it was is shown to its own user and to server tokens only.',
      answers: {
        200: {
          description: 'What happened, in time order.',
          schema: trace,
          example: {
            verdict: 'rang after 410 ms',
            verdicts: [{ user_id: BOB, verdict: 'rang after 410 ms' }],
            trace: [
              { at: sample.AT, event: 'call.created', user_id: ALICE },
              { at: sample.AT, event: 'ring.requested', user_id: ALICE, ring_id: sample.RING_ID },
              {
                at: '2026-11-20T10:35:00.410Z',
                event: 'push.accepted',
                user_id: BOB,
                provider: 'apn',
                device: 'c5d6e7f8',
                type: 'call.ring',
                attempt: 1,
                provider_message_id: '6f5a3c9e-6f0a-5c1b-8d2e-0b1c2d3e4f50',
                latency_ms: 168,
              },
              { at: '2026-11-20T10:35:00.240Z', event: 'push.skipped', user_id: BOB, reason: 'same_handset' },
              { at: sample.ANSWERED_AT, event: 'call.accepted', user_id: BOB },
            ],
          },
        },
      },
      codes: here,
    },
  },
} as const satisfies Chapter;
