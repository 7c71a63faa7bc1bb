import { joinedSession, sessionAnswer } from '#wire/rest/sessions.ts';
import { ALICE, ANSWERED_AT, AT, BOB, ENDED_AT } from '../samples.ts';
import { type Chapter, ok } from './described.ts';

const ID = '7f0c2f6e-9f1d-4b8e-8a51-0d6f7f0f2c11';
const path = { id: ID };

const SESSION = {
  id: ID,
  channelName: ID,
  initiatorId: ALICE,
  recipientId: BOB,
  callType: 'VIDEO',
  status: 'INITIATED',
  createdAt: AT,
};

const credential = (userAccount: string, role: string) => ({
  appId: '0123456789abcdef0123456789abcdef',
  channelName: ID,
  token: '007eJxTYBBbsMMn4=',
  userAccount,
  role,
  expiresAt: '2026-11-20T11:35:00.000Z',
});

const here = ['not_found', 'not_a_member'] as const;
const session = (description: string, fields: object) =>
  ok(description, sessionAnswer(), { session: { ...SESSION, ...fields } });

/** Hosted calls, in the words of the dialect `sessions`. */
export const sessions = {
  name: 'Sessions',
  description:
    'Calls of two whose media goes over Agora, for clients that know this API ([dialects](../dialects.md#sessions)). A session is a call of the type `agora` with the same id. Errors have `statusCode` and `message` beside the fields of a problem.',
  operations: {
    createSession: {
      summary: 'Ring somebody, to talk over Agora',
      description:
        'The recipient rings on all their devices. Their WebSockets of native apps get `call.ring` with `custom.agora`.',
      examples: { 'a video call': { recipientId: BOB, callType: 'VIDEO' } },
      answers: {
        201: {
          description: 'It rings. If the recipient is in another call, the session is `REJECTED` already.',
          schema: joinedSession(),
          example: { session: SESSION, credential: credential(ALICE, 'HOST') },
        },
      },
      codes: ['glare', 'rate_limited', 'contended', 'media_not_configured'],
    },
    getSession: {
      summary: 'Read a session',
      description: 'Also after its end.',
      path,
      answers: session('The session as it is now.', {}),
      codes: here,
    },
    getSessionToken: {
      summary: 'Get what the channel is joined with',
      description:
        'To the recipient the first one is the answer: their other phones fall silent, and the initiator hears of it. Later ones bring a fresh token.',
      path,
      examples: { 'the recipient answers': { role: 'AUDIENCE', hardware_id: 'bobs-iphone' } },
      answers: ok('What the channel is joined with.', joinedSession(), {
        session: { ...SESSION, status: 'RINGING', answeredAt: ANSWERED_AT },
        credential: credential(BOB, 'AUDIENCE'),
      }),
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended', 'media_not_configured'],
    },
    declineSession: {
      summary: 'Decline a session, or cancel it as its initiator',
      path,
      examples: { 'Bob does not want to talk': { hardware_id: 'bobs-iphone' } },
      answers: session('It no longer rings.', { status: 'REJECTED', endedAt: ENDED_AT }),
      codes: [...here, 'call_ended', 'already_answered', 'not_ringing', 'contended'],
    },
    endSession: {
      summary: 'End a session for both',
      path,
      examples: { 'Alice hangs up': {} },
      answers: session('It has ended.', { status: 'ENDED', answeredAt: ANSWERED_AT, endedAt: ENDED_AT }),
      codes: [...here, 'call_ended', 'contended'],
    },
  },
} as const satisfies Chapter;
