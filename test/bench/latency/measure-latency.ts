import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '#test/support/dynamodb-setup.ts';
import { localClient, localSecrets } from '../../../tools/local-stack.ts';
import { startBenchTable } from '../bench-table.ts';
import { LIKE_AWS, tellShares } from '../like-aws.ts';
import { startLocalStack } from '../local-stack.ts';
import { type Peers, startPeers } from '../peers/peers.ts';
import { rounded, type Spread, spreadOf } from '../quantile.ts';
import { startFloors } from './all-floors.ts';
import { FIGURES } from './figures.ts';
import type { FloorGround } from './floor-process.ts';
import { emptyHops } from './hops.ts';
import { BROWSER, onlineCall } from './online-call.ts';
import { type Contestant, playInTurn, type Times } from './samples.ts';
import { sceneryAt } from './scenery.ts';
import { wokenCall } from './woken-call.ts';

/** A latency beside its floor. */
export interface Latency extends Spread {
  readonly floor_p50_ms: number;
  readonly floor_p99_ms: number;
  /** The ratio of the two medians. */
  readonly ratio: number;
  /** The number of measured times. */
  readonly calls: number;
}

/** The results of this part of the bench, as in `bench-results.json`. */
export interface LatencyResult {
  readonly latency: Readonly<Record<string, Latency>>;
  readonly hops: Readonly<Record<string, Spread>>;
  readonly peers: Readonly<Record<string, Readonly<Record<string, Spread>>>>;
}

/** Calls before those that count: after them, most of the hot code of the functions is compiled. */
export const WARM_UP = 200;

/** The same where the stack plays AWS, which takes long. */
export const WARM_UP_LIKE_AWS = 40;

const [OURS, ONLINE, FLOOR, HOPS] = ['woken', 'online', 'floor', 'hops'] as const;

/** Starts a stack and measures `calls` calls of every kind, one at a time, in turn with floors and peers. */
export async function measureLatency(calls: number, told: (done: number) => void): Promise<LatencyResult> {
  const table = await startBenchTable();
  const stack = await startLocalStack({
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    CARILLON_SETTINGS: JSON.stringify({ events: false }),
  });
  try {
    const peers = await startPeers();
    return await measureOn(
      { url: stack.url, dynamodb: table, likeAws: false },
      { calls, warmUp: WARM_UP },
      told,
      peers,
    );
  } finally {
    await stack.stop();
    await table.stop();
  }
}

/** The same with a stack that plays AWS, and without peers: they are on no AWS. */
export async function measureLatencyLikeAws(calls: number, told: (done: number) => void): Promise<LatencyResult> {
  const stack = await startLocalStack(LIKE_AWS);
  try {
    await tellShares(stack.url);
    const { endpoint } = await localSecrets(stack.url);
    const dynamodb = { endpoint, table: 'carillon-bench' };
    await createTable(new DynamoDBClient(localClient(endpoint)), dynamodb.table);
    const often = { calls, warmUp: WARM_UP_LIKE_AWS };
    return await measureOn({ url: stack.url, dynamodb, likeAws: true }, often, told, NO_PEERS);
  } finally {
    await stack.stop();
  }
}

const NO_PEERS: Peers = { contestants: [], stop: async () => undefined };

async function measureOn(
  ground: Omit<FloorGround, 'floor'>,
  often: { readonly calls: number; readonly warmUp: number },
  told: (done: number) => void,
  peers: Peers,
): Promise<LatencyResult> {
  const { url } = ground;
  const scenery = sceneryAt(url);
  const [alice, carol] = [await scenery.user('alice'), await scenery.user('carol')];
  const [caller, browser] = [await scenery.open(alice.token), await scenery.open(carol.token, BROWSER)];
  await Promise.all([caller, browser].map((socket) => socket.next('user.connected')));
  const floors = await startFloors(scenery, ground);
  const contestants: Contestant[] = [
    { name: OURS, play: wokenCall(scenery, caller) },
    { name: ONLINE, play: onlineCall(scenery, caller, { ...carol, socket: browser }) },
    { name: FLOOR, play: floors.play },
    { name: HOPS, play: emptyHops(scenery, caller) },
    ...peers.contestants,
  ];
  const taken = await playInTurn(contestants, often, told);
  await Promise.all([floors.stop(), peers.stop(), caller.close(), browser.close()]);
  await scenery.assertNoBreach();
  const of = (name: string): Times => taken.get(name) ?? new Map();
  return {
    latency: besideFloors(new Map([...of(OURS), ...of(ONLINE)]), of(FLOOR)),
    hops: spreads(of(HOPS)),
    peers: Object.fromEntries(peers.contestants.map(({ name }) => [name, spreads(of(name))])),
  };
}

/** Every latency beside its floor of the same run, if both were measured. */
export function besideFloors(ours: Times, floors: Times): Record<string, Latency> {
  return Object.fromEntries(
    FIGURES.flatMap(({ key }) => {
      const [times, floor] = [ours.get(key), floors.get(key)];
      if (!times || !floor) return [];
      const [spread, { p50_ms: floor_p50_ms, p99_ms: floor_p99_ms }] = [spreadOf(times), spreadOf(floor)];
      const ratio = rounded(spread.p50_ms / floor_p50_ms, 2);
      return [[key, { ...spread, floor_p50_ms, floor_p99_ms, ratio, calls: times.length }]];
    }),
  );
}

const spreads = (times: Times): Record<string, Spread> =>
  Object.fromEntries([...times].map(([figure, ofFigure]) => [figure, spreadOf(ofFigure)]));
