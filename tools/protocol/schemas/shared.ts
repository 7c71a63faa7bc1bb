import * as basics from '#wire/basics.ts';
import * as call from '#wire/call.ts';
import * as fields from '#wire/fields.ts';
import { iceServer } from '#wire/rest/answers.ts';
import * as problem from '#wire/rest/problem.ts';
import { frameId } from '#wire/socket/native/frames.ts';
import { codes } from '../codes.ts';
import { type Component, type Components, described } from './component.ts';
import * as words from './words.ts';

const text = (schema: Component['schema'], description: string, example: unknown): Component => ({
  schema,
  keywords: { description, examples: [example] },
});

/** What clients send, in more than one message. */
export const inputs: Components = {
  UserId: text(fields.userId, 'A user, by the app’s own id.', 'bob'),
  CallType: text(fields.callType, words.CALL_TYPE, 'default'),
  CallId: text(fields.callId, 'The id of the call. The app chooses it, and uses it only once.', 'demo-1'),
  CallCid: text(fields.callCid, words.CID, 'default:demo-1'),
  RingId: text(fields.ringId, 'The id of one ring of a call.', 'ring-1'),
  HardwareId: text(fields.hardwareId, 'A stable id of the handset.', 'bobs-pixel'),
  Custom: {
    schema: fields.custom(),
    keywords: { description: words.CUSTOM, additionalProperties: true, examples: [{ topic: 'lunch' }] },
  },
  NewMember: described(fields.newMember(), { user_id: 'The user.', role: words.ROLE }),
  SettingsOverride: described(fields.settingsOverride(), {
    ring: [
      'How this call rings.',
      {
        auto_cancel_timeout_ms: 'How long it rings, in ms; 45 000 by default.',
        busy: 'What happens to a callee who is in another call: `reject` reports them as busy, `ring` rings them anyway. It has an effect only in the request of a server token.',
      },
    ],
  }),
  Offer: described(fields.offer(), words.OFFER_OR_ANSWER),
  Answer: described(fields.answer(), words.OFFER_OR_ANSWER),
  Candidate: described(fields.candidate(), words.CANDIDATE),
  FrameId: text(frameId, 'Chosen by the client; the answer carries the same `id`.', 'c1'),
};

/** What clients get, in more than one message. */
export const views: Components = {
  Moment: text(basics.moment, 'ISO 8601, UTC, with milliseconds.', '2026-11-20T10:35:00.000Z'),
  Person: described(basics.person, {
    id: 'The user id.',
    name: 'The user’s name.',
    ...words.IMAGE,
  }),
  Call: described(call.call, {
    id: 'The id of the call.',
    type: words.CALL_TYPE,
    cid: words.CID,
    ...words.CALL_UUID,
    created_by: 'The caller.',
    created_at: 'When the call was created.',
    status: 'The state of the call.',
    ...words.VIDEO,
    ring_started_at: 'When it first rang.',
    ring_expires_at: 'When the ring ends. From then on the call is missed, even if no event has said so yet.',
    accepted_at: 'When somebody first answered.',
    ended_at: 'When the call ended.',
    ended_reason: 'How the call ended.',
    ended_by: 'The user who ended it; absent if a timer did.',
    version: 'Grows with every change of the call: the higher of two is the newer.',
    custom: words.CUSTOM,
  }),
  AnsweredOn: described(call.answeredOn, { connection_id: 'The id of its WebSocket.', ...words.HARDWARE_ID }),
  Member: described(call.member, {
    user_id: 'The user.',
    role: words.ROLE,
    state: 'The state of the member.',
    reason: 'Why the member is in that state.',
    ...words.RING_ID,
    ring_expires_at:
      'When the ring of this member ends. From then on they have missed it, even if no event has said so yet.',
    answered_on: 'The phone that the member answered on. Only this member and server tokens see it.',
  }),
  CallResource: described(call.callResource, words.WHOLE_CALL),
  ErrorCode: {
    schema: problem.errorCode,
    keywords: {
      description: 'What went wrong. Codes are stable, so that programs can rely on them.',
      'x-carillon-meanings': codes,
    },
  },
  FieldError: described(problem.fieldError, {
    path: 'The dotted path of the field, such as `members.1.user_id`.',
    message: 'What is wrong with it, for people.',
  }),
  IceServer: described(iceServer, {
    urls: 'The `stun:` and `turn:` URLs of the server.',
    username: 'The user name for the TURN server.',
    credential: 'The password for the TURN server, valid for one hour.',
  }),
};
