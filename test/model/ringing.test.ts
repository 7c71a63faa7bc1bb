import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { epochMs } from '#domain/time.ts';
import { registerDevice } from '#usecases/devices/register-device.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';
import { aHandset } from './handset.ts';
import { checkAnswers, checkAtRest, checkAtTheEnd, checkPipelines, checkWritten } from './invariants.ts';
import { type Move, moves, player } from './play.ts';
import { stepper } from './stepper.ts';
import { aWorld, type World } from './world.ts';

/** No handler makes more port calls than that in these games. */
const MAX_STEPS = 22;
/** How many games are played; `npm run test:long` plays many more. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 120);
/** The seed of a game that failed, to play it again. */
const SEED = process.env['MODEL_SEED'];

/** `memory`: every game has a table in memory instead of the engine's, so that many are played in little time. */
const IN_MEMORY = process.env['MODEL_TABLE'] === 'memory';

useEmbeddedTable();

let games = 0;

/** A world with three users and seven handsets of every kind, whose steps come in the order that `order` says. */
async function aGame(order: readonly number[], twice: boolean) {
  games += 1;
  const run = `g${Date.now().toString(36)}${games}`;
  let turn = 0;
  const choose = (count: number): number => {
    turn += 1;
    return (order[turn % Math.max(order.length, 1)] ?? 0) % count;
  };
  const handsets = [
    aHandset(`alice-${run}`, `laptop-${run}`, 'browser', { session: true }),
    aHandset(`bob-${run}`, `android-${run}`, 'android', { session: true }),
    aHandset(`bob-${run}`, `iphone-${run}`, 'iphone'),
    aHandset(`bob-${run}`, `tablet-${run}`, 'browser'),
    aHandset(`carol-${run}`, `pixel-${run}`, 'android'),
    aHandset(`alice-${run}`, `phone-${run}`, 'android'),
    aHandset(`bob-${run}`, `page-${run}`, 'browser', { hardwareId: false }),
  ];
  const log: string[] = [];
  const steps = stepper(choose, (line) => log.push(line));
  const world = aWorld({ stepper: steps, table: IN_MEMORY ? undefined : inject('dynamodb').table, handsets, twice });
  for (const { userId, id, kind, token } of handsets) {
    if (token === undefined) continue;
    const device = { userId, token, idType: 'token' as const, providerName: 'default', sandbox: false, hardwareId: id };
    const how =
      kind === 'iphone' ? { provider: 'apn' as const, voip: true } : { provider: 'firebase' as const, voip: false };
    await registerDevice({ pushTokens: world.pushTokens, clock: () => world.time.now })({ ...device, ...how });
  }
  return { world, players: player(world, steps, run), log };
}

/** Plays until all is over: every timer has run, every message has been handled. */
async function playOut(world: World, atRest: () => Promise<void>): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    await world.drain();
    await atRest();
    const next = world.messages.toSorted((a, b) => a.due - b.due)[0];
    if (!next) return;
    world.time.now = epochMs(Math.max(next.due, world.time.now));
  }
  throw new Error(`messages for ever: ${JSON.stringify(world.messages)}`);
}

async function playGame(game: readonly Move[], order: readonly number[], twice: boolean): Promise<void> {
  const { world, players } = await aGame(order, twice);
  const atRest = (): Promise<void> => checkAtRest(world, players);
  try {
    await players.play(game, atRest);
    await playOut(world, atRest);
    checkWritten(world);
    checkAnswers(world, players);
    checkPipelines(world, players);
    await checkAtTheEnd(world, players);
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nthe game:\n${world.log.join('\n')}`;
    throw error;
  }
}

/** One move after which everything is worked off. */
const move = (kind: Move['kind'], extra: Partial<Move> = {}): Move => ({
  kind,
  who: 0,
  call: 0,
  killAt: undefined,
  steps: 0,
  rests: true,
  ...extra,
});

/** Games in which one handler dies at its step `killAt`, whichever that is. */
const DEATHS: readonly (readonly [string, (killAt: number) => Move[]])[] = [
  ['who rings', (killAt) => [move('ring', { killAt })]],
  ['who rings a group', (killAt) => [move('ring', { call: 1, killAt })]],
  [
    'who rings again',
    (killAt) => [
      move('ring', { call: 1 }),
      move('accept', { who: 1, call: 1 }),
      move('reject', { who: 4, call: 1 }),
      move('ring again', { call: 1, killAt }),
    ],
  ],
  ['who accepts', (killAt) => [move('connect'), move('ring'), move('accept', { who: 1, killAt })]],
  ['who rejects', (killAt) => [move('connect', { who: 3 }), move('ring'), move('reject', { who: 1, killAt })]],
  ['who cancels', (killAt) => [move('connect', { who: 3 }), move('ring'), move('cancel', { killAt })]],
  [
    'who leaves',
    (killAt) => [
      move('connect', { who: 3 }),
      move('ring'),
      move('accept', { who: 3 }),
      move('leave', { who: 3, killAt }),
    ],
  ],
  [
    'who ends',
    (killAt) => [move('connect', { who: 3 }), move('ring'), move('accept', { who: 3 }), move('end', { killAt })],
  ],
  ['who says that it rings', (killAt) => [move('connect'), move('ring'), move('ringing', { who: 1, killAt })]],
  [
    'the worker that rings',
    (killAt) => [
      move('connect', { who: 3 }),
      move('ring', { steps: 14, rests: false }),
      move('kill a worker', { killAt }),
    ],
  ],
  [
    'the worker that silences',
    (killAt) => [move('ring'), move('cancel', { steps: 14, rests: false }), move('kill a worker', { killAt, who: 1 })],
  ],
  [
    'the deadline',
    (killAt) => [move('connect'), move('ring'), move('ring out', { rests: false }), move('kill a worker', { killAt })],
  ],
  [
    'the hello',
    (killAt) => [
      move('ring'),
      move('connect', { who: 3, steps: 4, rests: false }),
      move('kill a worker', { killAt, who: 1 }),
    ],
  ],
  [
    'the grace',
    (killAt) => [
      move('connect', { who: 3 }),
      move('ring'),
      move('accept', { who: 3 }),
      move('disconnect', { who: 3 }),
      move('ring out'),
      move('ring out', { rests: false }),
      move('kill a worker', { killAt }),
    ],
  ],
];

/** Games that found a fault once, as they were shrunk. */
const FOUND: readonly (readonly [string, Move[]])[] = [
  [
    'a ringing callee leaves, and its handler dies before anybody hears',
    [move('ring'), move('leave', { who: 1, killAt: 2 })],
  ],
  [
    'who rings dies after the write, and asks again when the ring is over',
    [move('ring', { killAt: 3, rests: false }), move('ring out', { rests: false }), move('ring')],
  ],
  [
    'a phone declines before its push arrives',
    [move('ring', { steps: 3, rests: false }), move('leave', { who: 1, steps: 4 }), move('ring')],
  ],
  [
    'a phone connects at the deadline while its answer is on its way into the table',
    [
      move('ring', { steps: 12, rests: false }),
      move('all accept', { steps: 13, rests: false }),
      move('ring out', { steps: 1, rests: false }),
      move('ring', { rests: false }),
      move('ring'),
    ],
  ],
  [
    'an end is asked for again by another command',
    [
      move('ring'),
      move('accept', { who: 1, rests: false }),
      move('end', { who: 1, killAt: 0 }),
      move('reject', { who: 1 }),
    ],
  ],
];

it.each(FOUND)('keeps the rules where %s', async (_, game) => {
  for (const order of [[0], [16, 14]]) await playGame(game, order, false);
});

it.each(DEATHS)('survives the death of %s at every step', { timeout: 120_000 }, async (_, game) => {
  for (let killAt = 0; killAt <= MAX_STEPS; killAt += 1) await playGame(game(killAt), [0, 3, 1, 2], false);
});

it(`keeps the rules in ${RUNS} games of random moves, crashes, duplicates and delays`, {
  timeout: RUNS * 4000,
}, async () => {
  const order = fc.array(fc.nat(30), { minLength: 1, maxLength: 80 });
  const property = fc.asyncProperty(moves, order, fc.boolean(), playGame);
  const seed = { ...(SEED !== undefined && { seed: Number(SEED) }), endOnFailure: process.env['MODEL_SHRINK'] === 'no' };
  const { failed, counterexample, seed: used, errorInstance } = await fc.check(property, { numRuns: RUNS, ...seed });
  expect(failed, `MODEL_SEED=${used} ${JSON.stringify(counterexample)}\n${errorInstance}`).toBe(false);
});
