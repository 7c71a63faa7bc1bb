import { expect, it } from 'vitest';
import type { Dialect } from '#domain/dialect.ts';
import { move, playGame } from './game.ts';
import type { Move } from './play.ts';

const LAPTOP = { who: 0 };
const ANDROID = { who: 1 };
const IPHONE = { who: 2 };
const TABLET = { who: 3 };
const CAROL = { who: 4 };
const PHONE = { who: 5 };
const PAGE = { who: 6 };

/** In order: Alice's laptop, Bob's Android phone, his iPhone and his tablet, Carol's browser, Alice's phone, Bob's page. */
type Spoken = readonly Dialect[];

const ALL_CALLS: Spoken = Array.from({ length: 7 }, () => 'calls' as const);
const MIXED: Spoken = ['calls', 'video', 'video', 'native', 'native', 'calls', 'calls'];
const ALL_SESSIONS: Spoken = Array.from({ length: 7 }, () => 'sessions' as const);
const SESSIONS_AND_NATIVE: Spoken = ['sessions', 'native', 'sessions', 'sessions', 'calls', 'native', 'sessions'];
const BOB_CALLS: Spoken = ['native', 'calls', 'video', 'calls', 'native', 'native', 'calls'];

type Game = readonly [name: string, game: readonly Move[]];

/** Alice's laptop talks to Bob's iPhone. */
const TALKING = [move('connect', LAPTOP), move('connect', IPHONE), move('ring'), move('accept', IPHONE)];

const GAMES: readonly Game[] = [
  ['somebody is rung, answers and hangs up', [...TALKING, move('candidate', LAPTOP), move('end', IPHONE)]],
  ['whoever rang hangs up', [...TALKING, move('end', LAPTOP)]],
  ['a ring is declined', [move('connect', LAPTOP), move('connect', IPHONE), move('ring'), move('reject', IPHONE)]],
  ['nobody answers', [move('connect', LAPTOP), move('connect', IPHONE), move('ring'), move('ring out')]],
  [
    'two phones of one user answer at once',
    [move('connect', ANDROID), move('connect', IPHONE), move('connect', PAGE), move('ring'), move('all accept')],
  ],
  [
    'whoever answers over HTTPS without an id is not the phone that is connected',
    [move('connect', LAPTOP), move('connect', IPHONE), move('ring'), move('accept', PAGE)],
  ],
  ['both ends ring at once', [move('connect', LAPTOP), move('connect', ANDROID), move('ring at once', { call: 1 })]],
  [
    'somebody who does not want to be disturbed rings whoever rings them',
    [
      move('connect', LAPTOP),
      move('connect', ANDROID),
      move('do not disturb', ANDROID),
      move('ring', { rests: false }),
      move('ring too', ANDROID),
    ],
  ],
  ['whoever rings hangs up at once', [move('connect', LAPTOP), move('ring and hang up', LAPTOP)]],
  [
    'whoever talks rings again',
    [...TALKING, move('ring'), move('ring out'), move('ring out'), move('ring out'), move('ring out')],
  ],
  ['a phone is away for a moment', [...TALKING, move('disconnect', IPHONE), move('connect', IPHONE)]],
  [
    'whoever is called hangs up while whoever rang is away',
    [...TALKING, move('disconnect', LAPTOP), move('end', IPHONE), move('connect', LAPTOP)],
  ],
  [
    'whoever rang hangs up while the other is away',
    [...TALKING, move('disconnect', IPHONE), move('end', LAPTOP), move('connect', IPHONE)],
  ],
  [
    'a ring is declined while whoever rings is away',
    [
      move('connect', LAPTOP),
      move('connect', IPHONE),
      move('ring'),
      move('disconnect', LAPTOP),
      move('reject', IPHONE),
      move('connect', LAPTOP),
    ],
  ],
  [
    'a phone is away for too long',
    [
      ...TALKING,
      move('disconnect', LAPTOP),
      move('ring out'),
      move('ring out'),
      move('ring out'),
      move('connect', LAPTOP),
    ],
  ],
  [
    'what is posted fails',
    [
      move('connect', LAPTOP),
      move('connect', IPHONE),
      move('posts fail', IPHONE),
      move('ring'),
      move('posts fail', LAPTOP),
      move('accept', IPHONE),
      move('posts fail', LAPTOP),
      move('end', IPHONE),
    ],
  ],
];

const hasty = (kind: Move['kind'], extra: Partial<Move> = {}): Move => move(kind, { rests: false, ...extra });

/** Games that found a fault once, as they were shrunk, in the order of steps in which they did, and what the handsets spoke. */
const FOUND: readonly (readonly [string, readonly Move[], readonly number[], Spoken])[] = [
  [
    'a phone that rings by its push hears of the end late, and its user is in another call by then',
    [
      move('connect', IPHONE),
      hasty('ring', { killAt: 0, steps: 5 }),
      hasty('all accept'),
      hasty('ring', { who: 6, call: 2, killAt: 0 }),
      hasty('ring', { steps: 2 }),
      hasty('ring', { steps: 6 }),
      hasty('ring'),
    ],
    [5, 24, 0],
    ['native', 'calls', 'calls', 'native', 'calls', 'calls', 'native'],
  ],
  [
    'a ring comes while the end of the one before cannot be posted',
    [
      move('connect', ANDROID),
      move('connect', LAPTOP),
      hasty('ring', { call: 2 }),
      move('ring', { killAt: 0 }),
      hasty('ring at once'),
      hasty('posts fail', { ...LAPTOP, steps: 1 }),
    ],
    [0],
    ALL_CALLS,
  ],
  [
    'whoever rings dies before anybody hears, and their phone is away',
    [
      move('connect', LAPTOP),
      hasty('ring', { killAt: 6 }),
      hasty('disconnect', LAPTOP),
      hasty('ring'),
      hasty('ring'),
      hasty('ring'),
    ],
    [0],
    ALL_CALLS,
  ],
  [
    'a ring comes while a page is about to hear the end of one that it never showed',
    [
      move('connect', { who: 1 }),
      move('connect', { who: 1 }),
      move('connect', { who: 5 }),
      move('connect', { who: 1 }),
      move('connect', { who: 0 }),
      hasty('ring', { who: 5, call: 0, steps: 8 }),
      hasty('create', { who: 4, call: 2, steps: 8 }),
      hasty('accept', { who: 4, call: 2, steps: 7 }),
      move('offer', { who: 1, call: 3, steps: 4 }),
      hasty('all accept', { who: 1, call: 0, killAt: 4, steps: 11 }),
      hasty('connect', { who: 6, call: 3, steps: 10 }),
      move('accept', { who: 1, call: 4, killAt: 11, steps: 2 }),
      move('all accept', { who: 5, call: 0, steps: 2 }),
      move('connect', { who: 2, call: 0, steps: 3 }),
      hasty('offer', { who: 4, call: 0, steps: 7 }),
      move('lose silently', { who: 4, call: 0, steps: 3 }),
      hasty('reject', { who: 5, call: 0, killAt: 5, steps: 12 }),
      move('ring', { who: 0, call: 0, steps: 9 }),
    ],
    [28, 18, 3, 19, 10, 18, 10, 24, 14, 28, 16],
    ['video', 'native', 'calls', 'calls', 'calls', 'video', 'video'],
  ],
  [
    'whoever rings hangs up and rings again, and the first ring comes last',
    [move('connect', LAPTOP), hasty('ring and hang up', LAPTOP), hasty('ring', { killAt: 0 }), move('ring')],
    [7],
    ALL_CALLS,
  ],
  [
    'a ring ends while a slow worker announces it',
    [
      ...[TABLET, PAGE, CAROL].map((who) => move('connect', who)),
      hasty('all accept'),
      hasty('ring'),
      hasty('ring out', { steps: 3 }),
      hasty('accept', { steps: 5 }),
      hasty('connect', { who: 3, steps: 7 }),
      move('cancel'),
    ],
    [28, 0, 8],
    ['native', 'calls', 'native', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'nobody answers whoever was started anew, and whose older connection seems open',
    [move('connect', LAPTOP), hasty('start anew', { who: 0, call: 1 }), hasty('ring', { killAt: 0 }), move('ring')],
    [0],
    ALL_CALLS,
  ],
  [
    'whoever rings rings again and hangs up at once',
    [move('connect', LAPTOP), move('ring'), hasty('ring and hang up', LAPTOP), move('connect', LAPTOP)],
    [7],
    ALL_CALLS,
  ],
  [
    'whoever is rung unheard rings back, and is rung anew meanwhile',
    [
      move('connect', LAPTOP),
      move('do not disturb', ANDROID),
      move('connect', TABLET),
      move('ring'),
      move('ring at once'),
    ],
    [7],
    ALL_CALLS,
  ],
  [
    'a ring that is over before it is announced is no call that its phone has turned to',
    [
      move('connect', LAPTOP),
      hasty('ring and hang up', IPHONE),
      move('ring', { steps: 10 }),
      hasty('all accept'),
      move('early'),
    ],
    [7],
    ['calls', 'native', 'native', 'native', 'native', 'native', 'native'],
  ],
  [
    'whoever is about to tell a phone that its ring is over dies',
    [
      move('connect', CAROL),
      move('connect', TABLET),
      hasty('connect', ANDROID),
      move('ring'),
      move('cancel', { killAt: 9 }),
      hasty('ring'),
      hasty('ring', { call: 3 }),
      hasty('ring'),
    ],
    [7],
    ['native', 'calls', 'calls', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'whoever was rung rings back once that ring has run out',
    [
      move('connect', LAPTOP),
      hasty('ring', { call: 2, killAt: 0 }),
      move('ring'),
      hasty('ring out'),
      hasty('ring'),
      hasty('ring'),
      hasty('ring'),
    ],
    [0],
    ['calls', 'native', 'calls', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'whoever hangs up dies before anybody hears, and their user rings again',
    [
      hasty('connect', { ...LAPTOP, killAt: 0 }),
      move('ring', { killAt: 0 }),
      hasty('ring'),
      hasty('leave', { killAt: 6 }),
      hasty('ring'),
    ],
    [10],
    ALL_CALLS,
  ],
  [
    'whoever hangs up without saying with whom dies before anybody hears',
    [hasty('connect', { ...LAPTOP, killAt: 0 }), move('ring', { killAt: 0 }), hasty('leave', { killAt: 6 })],
    [0],
    ALL_CALLS,
  ],
  [
    'a phone rings while its user turns to another call on another one',
    [
      move('connect', CAROL),
      move('connect', PAGE),
      move('ring'),
      hasty('accept', { ...ANDROID, killAt: 6 }),
      hasty('ring'),
      hasty('ring', { call: 2 }),
      hasty('connect', LAPTOP),
    ],
    [12, 14, 0, 6],
    ['native', 'native', 'native', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'whoever is in two calls rings somebody again who has blocked them',
    [
      move('connect', LAPTOP),
      hasty('block', ANDROID),
      hasty('ring', { who: 3, call: 1 }),
      move('ring'),
      hasty('ring'),
      hasty('connect', LAPTOP),
    ],
    [0],
    ['calls', 'calls', 'calls', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'a phone that connects hears of an earlier call than the one that it rings by',
    [hasty('ring too', IPHONE), hasty('ring'), hasty('connect', LAPTOP), hasty('ring', { killAt: 6 })],
    [15, 28, 19],
    ['calls', 'calls', 'native', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'a phone rings for somebody else when a call is over that it has hung up',
    [
      move('connect', TABLET),
      hasty('ring', { who: 3 }),
      hasty('ring', { steps: 7 }),
      hasty('ring and hang up', { who: 3, call: 3, killAt: 0, steps: 1 }),
      hasty('ring', { steps: 3 }),
      hasty('ring', { who: 3 }),
      hasty('ring'),
    ],
    [0, 12, 2],
    ['calls', 'calls', 'native', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'whoever hangs up rings again at once',
    [
      move('connect', ANDROID),
      move('connect', LAPTOP),
      move('ring'),
      hasty('cancel', { steps: 5 }),
      move('ring'),
      move('accept', ANDROID),
    ],
    [8],
    ALL_CALLS,
  ],
  [
    'what announces a ring is taken over from somebody slow, who cannot post it',
    [
      ...[PHONE, IPHONE].map((who) => move('connect', who)),
      hasty('posts fail', IPHONE),
      hasty('ring and signal', { ...PHONE, steps: 11 }),
      hasty('ring and signal', { ...PHONE, steps: 13 }),
      hasty('connect', { ...LAPTOP, killAt: 0 }),
      hasty('connect', { ...CAROL, killAt: 0 }),
      hasty('ring and signal', TABLET),
    ],
    [10, 7, 10, 16, 15, 4],
    ['calls', 'calls', 'calls', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'a phone that is rung while it asks to ring somebody else asks again, and that ring runs out',
    [
      ...[TABLET, ANDROID, PAGE].map((who) => move('connect', who)),
      hasty('ring', { call: 3, killAt: 0, steps: 9 }),
      hasty('connect', LAPTOP),
      hasty('ring', { call: 2, killAt: 3, steps: 2 }),
      hasty('ring'),
      hasty('ring', { killAt: 0 }),
      hasty('ring'),
    ],
    [0, 15, 0, 22, 5, 3],
    ['calls', 'calls', 'calls', 'calls', 'native', 'calls', 'native'],
  ],
  [
    'a phone that its push rings answers by the offer of the ring before, and hears of that end and its ring later',
    [
      ...[PHONE, ANDROID, PAGE, CAROL].map((who) => move('connect', who)),
      move('ring at once', { steps: 13 }),
      hasty('candidate', PHONE),
      hasty('ring', { steps: 8 }),
      move('ring', { who: 3, call: 4, killAt: 10, steps: 11 }),
      hasty('all accept'),
      ...[hasty('ring'), hasty('ring'), hasty('ring')],
    ],
    [17, 8, 25, 20],
    ['calls', 'calls', 'calls', 'calls', 'native', 'native', 'native'],
  ],
  [
    'an earlier hang-up is noted after a later one',
    [
      move('connect', PHONE),
      move('connect', IPHONE),
      hasty('end', PHONE),
      move('ring and hang up', { ...PHONE, killAt: 0 }),
      hasty('ring'),
    ],
    [0, 10],
    ['calls', 'calls', 'native', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'whoever rings cannot be told that the other one is offline',
    [
      move('connect', PAGE),
      hasty('fault', PHONE),
      hasty('posts fail', PAGE),
      hasty('ring and signal', PAGE),
      hasty('ring'),
      hasty('ring'),
      hasty('candidate'),
    ],
    [0],
    ALL_CALLS,
  ],
  [
    'a phone is told of a ring in vain that it asked for twice',
    [
      move('connect', ANDROID),
      hasty('accept that ring', IPHONE),
      move('ring'),
      hasty('ring too', { ...ANDROID, killAt: 3, steps: 3 }),
      hasty('cancel', { ...TABLET, steps: 6 }),
      hasty('ring', { steps: 3 }),
      hasty('offer', { ...IPHONE, call: 1 }),
      hasty('ring', TABLET),
      hasty('ring'),
      move('ring', { killAt: 0 }),
      hasty('connect'),
    ],
    [15, 0, 12, 5, 29],
    ['calls', 'calls', 'native', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'two rings reach a phone, and the first one ends',
    [
      move('connect', LAPTOP),
      hasty('ring', { killAt: 0, steps: 5 }),
      hasty('ring at once', { steps: 7 }),
      hasty('ring'),
      hasty('ring'),
      hasty('ring'),
    ],
    [21],
    ['calls', 'calls', 'calls', 'calls', 'calls', 'native', 'calls'],
  ],
  [
    'two people ring a phone at once',
    [
      move('connect', ANDROID),
      move('connect', CAROL),
      hasty('ring', { call: 3, steps: 4 }),
      hasty('ring'),
      hasty('ring'),
    ],
    [1],
    ['native', 'calls', 'calls', 'calls', 'calls', 'calls', 'calls'],
  ],
  [
    'all that somebody has open are connections without words for the ring',
    [
      hasty('fault', IPHONE),
      hasty('fault', ANDROID),
      hasty('connect', ANDROID),
      hasty('ring'),
      hasty('connect', { killAt: 0 }),
      hasty('ring'),
    ],
    [0],
    ['calls', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions'],
  ],
  [
    'somebody who does not want to be disturbed rings back before the offer is there, and that ring ends',
    [
      ...[LAPTOP, ANDROID, TABLET, PAGE].map((who) => move('connect', who)),
      move('do not disturb'),
      hasty('ring too', { ...PAGE, steps: 4 }),
      hasty('ring', { steps: 3 }),
      hasty('leave', { ...PAGE, call: 2, steps: 2 }),
    ],
    [20],
    ALL_CALLS,
  ],
  [
    'a phone that has hung up rings for somebody else when its call is replaced',
    [
      move('connect', LAPTOP),
      move('connect', CAROL),
      move('connect', TABLET),
      move('connect', IPHONE),
      hasty('ring', { call: 3, steps: 2 }),
      hasty('ring', { ...TABLET, steps: 6 }),
      hasty('connect', IPHONE),
      hasty('ring and hang up', IPHONE),
      hasty('ring', { steps: 1 }),
    ],
    [16, 22],
    ALL_CALLS,
  ],
  ...(['cancel', 'leave'] as const).map(
    (hangUp) =>
      [
        `whoever hangs up rings again in the same millisecond (${hangUp})`,
        [move('connect', ANDROID), move('connect', LAPTOP), move('ring'), hasty(hangUp), move('ring')],
        [0, 2],
        ALL_CALLS,
      ] as const,
  ),
];

it.each(FOUND)('keeps the rules where %s', async (_, game, order, spoken) => {
  for (const twice of [false, true]) await playGame(game, order, twice, true, spoken);
});

const ORDERS = [[0], [3, 1, 2]];

it.each(GAMES)('keeps the rules between dialects where %s', async (_, game) => {
  for (const spoken of [ALL_CALLS, MIXED, ALL_SESSIONS, SESSIONS_AND_NATIVE])
    for (const order of ORDERS) await playGame(game, order, false, true, spoken);
});

it('tells the phone that rings of the answer, and no other one', async () => {
  const ringing = [move('connect', ANDROID), move('connect', IPHONE), move('ring too', ANDROID)];
  await playGame([...ringing, move('accept', PHONE)], [0], false, true, BOB_CALLS);
  const game = [...TALKING, move('candidate', IPHONE)];
  const { told } = await playGame(game, [0], false, true, ALL_CALLS);
  expect(told.map(({ wish, answer }) => [wish, answer])).toEqual([
    ['ring', 'ok'],
    ['answer', 'ok'],
    ['candidate', 'ok'],
  ]);
});

it('lets no phone ring on whose ring ends at any moment of it', async () => {
  for (const act of ['cancel', 'accept'] as const)
    for (let steps = 0; steps <= 24; steps += 2) {
      const ring = [move('connect', IPHONE), move('ring', { steps, rests: false })];
      await playGame([...ring, move(act, { who: act === 'cancel' ? 0 : 3 })], [1, 0, 4], false, true, BOB_CALLS);
    }
});

/** No handler makes more port calls than that in these games: what a phone is told is several of them. */
const MAX_STEPS = 48;

const connected = [move('connect', LAPTOP), move('connect', ANDROID), move('connect', IPHONE)];

const DEATHS: readonly (readonly [string, (killAt: number) => Move[]])[] = [
  ['who rings', (killAt) => [...connected, move('ring', { killAt })]],
  ['who answers', (killAt) => [...connected, move('ring'), move('accept', { ...IPHONE, killAt })]],
  ['who declines', (killAt) => [...connected, move('ring'), move('reject', { ...IPHONE, killAt })]],
  ['who hangs up', (killAt) => [...TALKING, move('end', { ...LAPTOP, killAt })]],
  [
    'the worker that rings',
    (killAt) => [...connected, move('ring', { steps: 16, rests: false }), move('kill a worker', { killAt })],
  ],
  [
    'the deadline',
    (killAt) => [...connected, move('ring'), move('ring out', { rests: false }), move('kill a worker', { killAt })],
  ],
];

it.each(DEATHS)(
  'survives between dialects the death of %s at every other step',
  { timeout: 120_000 },
  async (_, game) => {
    for (const spoken of [ALL_CALLS, ALL_SESSIONS])
      for (let killAt = 0; killAt <= MAX_STEPS; killAt += 2)
        await playGame(game(killAt), [0, 3, 1, 2], false, true, spoken);
  },
);
