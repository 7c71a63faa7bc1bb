import { taken } from '#wire/rest/answers.ts';
import { ANSWER_SDP, BOB, CANDIDATE, OFFER_SDP } from '../samples.ts';
import type { Chapter } from './described.ts';

const answers = { 202: { description: 'The signal is on its way.', schema: taken, example: {} } };
const codes = ['not_found', 'not_a_member', 'call_ended', 'not_ringing'] as const;

/** SDP and ICE. */
export const signals = {
  name: 'Signals',
  description:
    'SDP and ICE, relayed to `target_user_id`, or else to every other member who is ringing, has answered or has joined. A signal to a member who is ringing also waits for each connection that they open. A signal may have at most 24 KiB of text. A wake token may send signals only over a WebSocket.',
  operations: {
    sendOffer: {
      summary: 'Send a session description: an offer',
      examples: { 'an offer for Bob': { type: 'offer', sdp: OFFER_SDP, target_user_id: BOB, seq: 1 } },
      answers,
      codes,
    },
    sendAnswer: {
      summary: 'Send a session description: an answer',
      examples: { 'an answer': { type: 'answer', sdp: ANSWER_SDP } },
      answers,
      codes,
    },
    sendCandidates: {
      summary: 'Send ICE candidates',
      examples: {
        'one candidate': { ...CANDIDATE, seq: 2 },
        'two, the second of which says that there are no more': { candidates: [CANDIDATE, { candidate: '' }], seq: 3 },
      },
      answers,
      codes,
    },
  },
} as const satisfies Chapter;
