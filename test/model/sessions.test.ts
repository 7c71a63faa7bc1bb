import { it } from 'vitest';
import type { Dialect } from '#domain/dialect.ts';
import { move, playGame } from './game.ts';
import type { Move } from './play.ts';

const LAPTOP = { who: 0 };
const ANDROID = { who: 1 };
const IPHONE = { who: 2 };
const TABLET = { who: 3 };
const PAGE = { who: 6 };

const hasty = (kind: Move['kind'], extra: Partial<Move> = {}): Move => move(kind, { rests: false, ...extra });

type Spoken = readonly Dialect[];

const ALL_SESSIONS: Spoken = Array.from({ length: 7 }, () => 'sessions' as const);
const WITH_NATIVE: Spoken = ['sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'native', 'sessions'];

/** Games that found a fault once, in the order of steps in which they did, and what the handsets spoke. */
const FOUND: readonly (readonly [string, readonly Move[], readonly number[], Spoken])[] = [
  [
    'somebody ends a session twice',
    [
      ...[LAPTOP, ANDROID].map((who) => move('connect', who)),
      ...[move('ring'), move('accept', ANDROID), move('end', LAPTOP), move('end', LAPTOP)],
    ],
    [0],
    ALL_SESSIONS,
  ],
  [
    'the answer cannot be posted to whoever rings',
    [move('connect', LAPTOP), move('ring'), move('posts fail', LAPTOP), move('accept', ANDROID)],
    [0],
    ALL_SESSIONS,
  ],
  [
    'whoever replaces a session that was answered dies before anybody hears',
    [
      move('connect', ANDROID),
      hasty('ring', { call: 2, steps: 4 }),
      hasty('ring', { killAt: 10 }),
      hasty('ring', { steps: 1 }),
      move('all accept'),
      hasty('ring'),
      hasty('ring'),
    ],
    [15],
    WITH_NATIVE,
  ],
  [
    'an end cannot be posted to somebody who is in another session by then',
    [
      ...[PAGE, TABLET, IPHONE].map((who) => move('connect', who)),
      move('ring'),
      hasty('all accept'),
      hasty('posts fail', TABLET),
      hasty('ring too', PAGE),
      hasty('ring'),
      hasty('ring'),
    ],
    [5, 0, 0],
    ['sessions', 'sessions', 'native', 'sessions', 'sessions', 'native', 'sessions'],
  ],
  [
    'a phone whose push woke it connects after another one has answered',
    [
      ...[hasty('ring', { ...TABLET, steps: 4 }), hasty('accept', PAGE), hasty('connect', { ...LAPTOP, steps: 1 })],
      ...[hasty('ring', { steps: 1 }), hasty('connect', LAPTOP), hasty('ring')],
    ],
    [0],
    ['native', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'native'],
  ],
];

it.each(FOUND)('keeps the rules of sessions where %s', async (_, game, order, spoken) => {
  for (const twice of [false, true]) await playGame(game, order, twice, true, spoken);
});
