import { it } from 'vitest';
import type { Dialect } from '#domain/dialect.ts';
import { move, playGame } from './game.ts';
import type { Move } from './play.ts';

const hasty = (kind: Move['kind'], extra: Partial<Move> = {}): Move => move(kind, { rests: false, ...extra });
const connect = (who: number): Move => move('connect', { who });

interface Game {
  readonly moves: readonly Move[];
  readonly order: readonly number[];
  readonly twice?: true;
  readonly spoken: readonly Dialect[];
}

/** Games between dialects by which a mutant is caught that breaks what it says, as they were shrunk. */
const CAUGHT: Readonly<Record<string, Game>> = {
  'an answer is told to the phone that rang alone': {
    moves: [
      ...[0, 5].map(connect),
      hasty('ring', { steps: 6 }),
      hasty('accept that ring', { who: 2 }),
      hasty('accept', { who: 2 }),
      ...[hasty('ring'), hasty('ring'), hasty('ring')],
    ],
    order: [8],
    spoken: ['calls', 'calls', 'native', 'calls', 'calls', 'calls', 'calls'],
  },
  'no ring is told after its end': {
    moves: [
      ...[3, 5, 2, 4, 0].map(connect),
      hasty('ring too', { who: 2 }),
      hasty('candidate'),
      hasty('ring at once', { steps: 9 }),
      hasty('ring', { who: 3, steps: 7 }),
      hasty('ring', { killAt: 0 }),
      hasty('ring', { steps: 11 }),
      hasty('all accept'),
    ],
    order: [5, 3, 30, 9, 28, 20, 7],
    twice: true,
    spoken: ['calls', 'calls', 'calls', 'calls', 'native', 'calls', 'native'],
  },
  'a call that was refused was not begun': {
    moves: [
      connect(3),
      hasty('ring', { steps: 2 }),
      hasty('ring anew', { who: 3, killAt: 0, steps: 6 }),
      hasty('connect'),
      hasty('ring'),
      hasty('leave'),
    ],
    order: [11, 3],
    spoken: ['native', 'calls', 'calls', 'calls', 'calls', 'calls', 'calls'],
  },
  'an app that was started anew has been told nothing': {
    moves: [
      connect(0),
      hasty('ring at once'),
      hasty('start anew'),
      hasty('ring'),
      hasty('connect', { killAt: 0 }),
      hasty('connect'),
    ],
    order: [7],
    spoken: ['calls', 'native', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions'],
  },
  'a ring that is over before it is said was not told': {
    moves: [
      ...[1, 0, 2].map(connect),
      hasty('ring'),
      hasty('candidate'),
      hasty('connect', { killAt: 0 }),
      hasty('ring', { who: 3, killAt: 0 }),
    ],
    order: [30, 0, 29],
    spoken: ['calls', 'calls', 'calls', 'calls', 'calls', 'native', 'calls'],
  },
  'the end of a call waits for what announces it': {
    moves: [
      ...[5, 0, 3, 1].map(connect),
      hasty('ring', { killAt: 7 }),
      hasty('ring', { steps: 1 }),
      hasty('ring', { steps: 1 }),
      hasty('ring', { who: 3, call: 2, steps: 6 }),
    ],
    order: [1, 19, 22, 23, 28, 21],
    spoken: ['calls', 'native', 'calls', 'calls', 'calls', 'calls', 'calls'],
  },
  'whoever answers over HTTPS without an id does so by the phone that has their token': {
    moves: [hasty('ring', { steps: 2 }), hasty('ring', { steps: 5 }), hasty('all accept', { killAt: 0 })],
    order: [0, 9, 4],
    spoken: ['native', 'calls', 'calls', 'calls', 'calls', 'calls', 'native'],
  },
  'no ring is told before the end of the call before, which could not be posted': {
    moves: [
      ...[2, 0].map(connect),
      move('ring', { killAt: 0 }),
      hasty('posts fail', { who: 2, steps: 1 }),
      hasty('ring'),
      hasty('ring', { killAt: 0 }),
      hasty('connect'),
    ],
    order: [0],
    spoken: ['calls', 'native', 'calls', 'native', 'native', 'native', 'native'],
  },
  'an end that a phone was told is not told again while it shows another call': {
    moves: [
      ...[6, 1].map(connect),
      ...[move('ring'), move('all accept'), move('ring and hang up', { who: 1, call: 3 })],
      hasty('ring at once', { killAt: 0, steps: 3 }),
      hasty('ring', { killAt: 0 }),
    ],
    order: [14],
    spoken: ['native', 'calls', 'calls', 'calls', 'calls', 'calls', 'calls'],
  },
  'whoever meets a ring that is over by then rings anew': {
    moves: [
      ...[0, 1, 3, 6].map(connect),
      move('do not disturb'),
      hasty('ring too', { who: 1, steps: 6 }),
      hasty('ring', { steps: 11 }),
      hasty('cancel', { who: 3, call: 2, steps: 4 }),
      hasty('leave', { who: 1, call: 2, steps: 2 }),
    ],
    order: [7, 13, 14, 5],
    spoken: ['calls', 'calls', 'calls', 'calls', 'calls', 'calls', 'calls'],
  },
};

it.each(Object.entries(CAUGHT))('keeps the rule that %s', async (_, { moves, order, twice = false, spoken }) => {
  await playGame(moves, order, twice, true, spoken);
});
