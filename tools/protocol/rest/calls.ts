import { callResource } from '#wire/call.ts';
import { acceptedCall, callPage, createdCall } from '#wire/rest/answers.ts';
import { nextToken } from '#wire/rest/requests.ts';
import { trace } from '#wire/rest/trace.ts';
import * as sample from '../samples.ts';
import { type Chapter, ok } from './described.ts';

const { ALICE, BOB, CAROL } = sample;
const NEXT = nextToken(`${sample.AT}#${sample.CID}`);
const here = ['not_found', 'not_a_member'] as const;

const call = (description: string, example: object) => ok(description, callResource, example);

/** Calls, from the ring to the hang-up. */
export const calls = {
  name: 'Calls',
  description:
    'A call has 2 to 100 members. The app chooses its type and id, and uses an id only once: an ended call stays readable, by default for 30 days. Answers and events may arrive out of order: keep the one with the highest `version`.',
  operations: {
    createCall: {
      summary: 'Get or create a call, and ring',
      description:
        'If the call exists already, `members`, `video` and `data` are ignored. With `ring` it rings at once: each connection of each callee gets `call.ring`, and each of their phones a push. An operator token rings for a test: `ring` must be `true`, the caller is the user `carillon-operator` with the operator’s name, and the answer has a `call_token` by which the operator takes part in this one call.',
      examples: {
        'a video call, ringing at once': {
          members: [{ user_id: BOB }],
          ring: true,
          video: true,
          data: { custom: { topic: 'lunch' } },
          settings_override: { ring: { auto_cancel_timeout_ms: 45_000 } },
          offer: { type: 'offer', sdp: sample.OFFER_SDP },
        },
        'a group, to ring later': { members: [{ user_id: BOB }, { user_id: CAROL }] },
      },
      answers: {
        201: {
          description: 'The call was created.',
          schema: createdCall,
          example: { ...sample.RINGING, created: true },
        },
        200: {
          description: 'The call existed already.',
          schema: createdCall,
          example: { ...sample.RINGING, created: false },
        },
      },
      codes: ['too_many_members', 'not_a_member', 'call_ended', 'glare', 'rate_limited', 'contended'],
    },
    getCall: {
      summary: 'Read a call',
      description: 'Also after its end, so that a phone that wakes too late learns what happened.',
      answers: call('The call as it is now.', sample.RINGING),
      codes: here,
    },
    listCalls: {
      summary: 'List the user’s calls',
      query: { status: 'missed', limit: '25', next: NEXT },
      answers: ok('A page of calls, the newest first.', callPage, { calls: [sample.MISSED], next: NEXT }),
    },
    ringCall: {
      summary: 'Ring members of a call',
      description: 'Any member may do this. A retry with the same `ring_id` rings nobody twice.',
      examples: { 'everybody who is still invited': {}, 'Bob, once more': { ring_id: 'ring-2', member_ids: [BOB] } },
      answers: call('The call rings.', sample.RINGING),
      codes: [...here, 'call_ended', 'glare', 'rate_limited', 'contended'],
    },
    addMembers: {
      summary: 'Add members to a live call',
      description:
        'The user who created the call may do this, and a server token. One that names no user acts for the user who created the call.',
      examples: { 'Carol, who rings at once': { members: [{ user_id: CAROL }], ring: true } },
      answers: call('The users are members.', sample.WITH_CAROL),
      codes: [...here, 'too_many_members', 'call_ended', 'glare', 'rate_limited', 'contended'],
    },
    reportRinging: {
      summary: 'Report that this device rings',
      description: 'The caller gets `call.ringing`.',
      examples: { 'Bob’s iPhone rings': { hardware_id: 'bobs-iphone' } },
      answers: call('The caller has been told.', sample.RINGING),
      codes: [...here, 'call_ended', 'not_ringing'],
    },
    acceptCall: {
      summary: 'Answer a call',
      description:
        'Of all the devices of a callee one wins; if it asks again, it gets the same answer. With a wake token, the answer has a `call_token` for the rest of the call.',
      examples: {
        'on Bob’s iPhone, with its session description': {
          hardware_id: 'bobs-iphone',
          answer: { type: 'answer', sdp: sample.ANSWER_SDP },
        },
      },
      answers: ok('This device has answered.', acceptedCall, { ...sample.ACTIVE, call_token: sample.TOKEN }),
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended'],
    },
    rejectCall: {
      summary: 'Decline a call, or cancel it as the caller',
      description: 'All phones of the user stop ringing.',
      examples: { 'Bob does not want to talk': { reason: 'decline', hardware_id: 'bobs-iphone' } },
      answers: call('The call no longer rings for this user.', sample.REJECTED),
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended'],
    },
    leaveCall: {
      summary: 'Leave a call',
      description:
        'If the caller leaves before anybody has answered, the call is cancelled. A wake token may not do this.',
      examples: {
        'Bob hangs up': { hardware_id: 'bobs-iphone' },
        'Bob ends the call for everybody': { end_call: true },
      },
      answers: call('The user has left.', sample.LEFT),
      codes: [...here, 'call_ended', 'contended'],
    },
    endCall: {
      summary: 'End a call for everybody',
      description:
        'The user who created the call may do this, both members of a two-person call, and an operator, whom `ended_by` shows as `carillon-operator`. A wake token may not.',
      examples: { 'Alice hangs up': {} },
      answers: call('The call has ended.', sample.COMPLETED),
      codes: [...here, 'call_ended', 'contended'],
    },
    getTrace: {
      summary: 'Read why phones rang or did not ring',
      description:
        'Events: `call.created`, `ring.requested`, `push.attempted`, `push.accepted`, `push.failed`, `push.skipped`, `device.removed`, `device.connected`, `device.ringing`, `event.delivered`, `event.gone`, `call.unreachable`, and the events of the call. Rows about phones (`push.*`, `event.*` and `device.*`, but not `device.ringing`) are for the phone’s own user, and for server and operator tokens. Other members read the rest, and verdicts that say no more than the events of the call.',
      answers: ok('What happened, in order of time.', trace, {
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
      }),
      codes: here,
    },
  },
} as const satisfies Chapter;
