import { taken } from '#wire/rest/answers.ts';
import { ANSWER_SDP, BOB, CANDIDATE, OFFER_SDP } from '../samples.ts';
import type { Chapter } from './described.ts';

const answers = { 202: { description: 'It is on its way.', schema: taken, example: {} } };
const codes = ['not_found', 'not_a_member', 'call_ended', 'not_ringing'] as const;

/** SDP and ICE. */
export const signals = {
  name: 'Signals',
  description:
    'SDP and ICE, relayed: to `target_user_id`, or to every other member who rings, has answered or has joined. What is sent to a member who rings also waits for each connection that they open. At most 24 KiB of text. A wake token may do it over a WebSocket only.',
  operations: {
    sendOffer: {
      summary: 'Send a session description that offers',
      examples: { 'an offer for Bob': { type: 'offer', sdp: OFFER_SDP, target_user_id: BOB, seq: 1 } },
      answers,
      codes,
    },
    sendAnswer: {
      summary: 'Send a session description that answers',
      examples: { 'an answer': { type: 'answer', sdp: ANSWER_SDP } },
      answers,
      codes,
    },
    sendCandidates: {
      summary: 'Send ICE candidates',
      examples: {
        'one candidate': { ...CANDIDATE, seq: 2 },
        'two, and no more': { candidates: [CANDIDATE, { candidate: '' }], seq: 3 },
      },
      answers,
      codes,
    },
  },
} as const satisfies Chapter;
