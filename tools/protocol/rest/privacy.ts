import { blockList, preferences } from '#wire/rest/answers.ts';
import { ALICE, AT, RINGS_UNTIL } from '../samples.ts';
import { type Chapter, ok } from './described.ts';

const UNTIL = { do_not_disturb: { until: RINGS_UNTIL } };

/** What a user lets through. */
export const privacy = {
  name: 'Privacy',
  description:
    'Whom a user does not want to hear, and when they want to be left alone. To the caller such a ring is one that nobody answers, whatever they look at.',
  operations: {
    blockUser: {
      summary: 'Block a user',
      description:
        'Nothing is heard of their rings from now on: no push, no event, no call in the history. At most 1000 users; one more is `validation_failed`.',
      answers: { 204: { description: 'The user is blocked.' } },
    },
    unblockUser: {
      summary: 'Unblock a user',
      answers: { 204: { description: 'The user is not blocked any more, or never was.' } },
    },
    listBlocks: {
      summary: 'List the blocked users',
      answers: ok('The blocked users, the latest first.', blockList, {
        blocks: [{ user_id: ALICE, created_at: AT }],
      }),
    },
    getPreferences: {
      summary: 'Read what the user has chosen',
      answers: ok('What the user has chosen.', preferences, UNTIL),
    },
    setPreferences: {
      summary: 'Choose when to be left alone',
      description:
        'While `do_not_disturb` holds, the user is not rung and not pushed. At the end of the ring their phones get a missed-call notice without a sound.',
      examples: {
        'until a moment': UNTIL,
        'from now on': { do_not_disturb: true },
        'no longer': { do_not_disturb: false },
      },
      answers: ok('What the user has chosen now.', preferences, UNTIL),
    },
  },
} as const satisfies Chapter;
