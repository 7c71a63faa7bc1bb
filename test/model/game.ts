import { inject } from 'vitest';
import type { Dialect } from '#domain/dialect.ts';
import { epochMs } from '#domain/time.ts';
import { aWebPushDevice } from '../support/push-tokens.ts';
import { aHandset, type Handset } from './handset.ts';
import { checkAnswers, checkAtRest, checkAtTheEnd, checkPipelines, checkWritten } from './invariants.ts';
import { type Move, type Player, player } from './play.ts';
import { stepper } from './stepper.ts';
import { aWorld, type World } from './world.ts';

/** `memory`: every game has a table in memory instead of the engine's, so that many are played in little time. */
export const IN_MEMORY = process.env['MODEL_TABLE'] === 'memory';

let games = 0;

/** What the push token of each kind of handset is. */
const TOKENS = {
  android: { provider: 'firebase', voip: false },
  iphone: { provider: 'apn', voip: true },
  browser: { provider: 'firebase', voip: false },
  subscriber: { provider: 'webpush', voip: false, keys: aWebPushDevice.keys },
} as const satisfies Record<Handset['kind'], object>;

/** A world with three users and seven handsets of every kind, whose steps come in the order that `order` says. */
async function aGame(order: readonly number[], twice: boolean, isInMemory: boolean, dialects: readonly Dialect[]) {
  games += 1;
  const run = `g${Date.now().toString(36)}${games}`;
  let turn = 0;
  const choose = (count: number): number => {
    turn += 1;
    return (order[turn % Math.max(order.length, 1)] ?? 0) % count;
  };
  const [laptop, android, iphone, tablet, chrome, phone, page] = dialects;
  const handsets = [
    aHandset(`alice-${run}`, `laptop-${run}`, 'browser', { session: true, dialect: laptop }),
    aHandset(`bob-${run}`, `android-${run}`, 'android', { session: true, dialect: android }),
    aHandset(`bob-${run}`, `iphone-${run}`, 'iphone', { dialect: iphone }),
    aHandset(`bob-${run}`, `tablet-${run}`, 'browser', { dialect: tablet }),
    aHandset(`carol-${run}`, `chrome-${run}`, 'subscriber', { dialect: chrome }),
    aHandset(`alice-${run}`, `phone-${run}`, 'android', { dialect: phone }),
    aHandset(`bob-${run}`, `page-${run}`, 'browser', { hardwareId: false, dialect: page }),
  ];
  const log: string[] = [];
  const steps = stepper(choose, (line) => log.push(line));
  const world = aWorld({ stepper: steps, table: isInMemory ? undefined : inject('dynamodb').table, handsets, twice });
  for (const { userId, id, kind, token } of handsets) {
    if (token === undefined) continue;
    const device = { userId, token, idType: 'token' as const, providerName: 'default', sandbox: false, hardwareId: id };
    await world.pushTokens.register({ ...device, ...TOKENS[kind], key: token, refreshedAt: world.time.now });
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

export async function playGame(
  game: readonly Move[],
  order: readonly number[],
  twice: boolean,
  isInMemory = IN_MEMORY,
  dialects: readonly Dialect[] = [],
): Promise<Player> {
  const { world, players } = await aGame(order, twice, isInMemory, dialects);
  const atRest = (): Promise<void> => checkAtRest(world, players);
  try {
    await players.play(game, atRest);
    await playOut(world, atRest);
    checkWritten(world, players);
    checkAnswers(world, players);
    checkPipelines(world, players);
    await checkAtTheEnd(world, players);
    return players;
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nthe game:\n${world.log.join('\n')}`;
    throw error;
  }
}

/** One move after which everything is worked off. */
export const move = (kind: Move['kind'], extra: Partial<Move> = {}): Move => ({
  kind,
  who: 0,
  call: 0,
  killAt: undefined,
  steps: 0,
  rests: true,
  ...extra,
});
