import { type BenchTable, startBenchTable } from '../bench-table.ts';
import { startLocalStack } from '../local-stack.ts';
import { startPeers } from '../peers/peers.ts';
import { rounded, type Spread, spreadOf } from '../quantile.ts';
import { startFloors } from './all-floors.ts';
import { FIGURES } from './figures.ts';
import { emptyHops } from './hops.ts';
import { BROWSER, onlineCall } from './online-call.ts';
import { type Contestant, playInTurn, type Times } from './samples.ts';
import { sceneryAt } from './scenery.ts';
import { wokenCall } from './woken-call.ts';

/** A latency beside its floor. */
export interface Latency extends Spread {
  readonly floor_p50_ms: number;
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

const [OURS, ONLINE, FLOOR, HOPS] = ['woken', 'online', 'floor', 'hops'] as const;

/** Starts a stack and measures `calls` calls of every kind, one at a time, in turn with floors and peers. */
export async function measureLatency(calls: number, told: (done: number) => void): Promise<LatencyResult> {
  const table = await startBenchTable();
  const stack = await startLocalStack({
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    CARILLON_SETTINGS: JSON.stringify({ events: false }),
  });
  try {
    return await measureOn(stack.url, table, calls, told);
  } finally {
    await stack.stop();
    await table.stop();
  }
}

async function measureOn(
  url: string,
  table: BenchTable,
  calls: number,
  told: (done: number) => void,
): Promise<LatencyResult> {
  const scenery = sceneryAt(url);
  const [alice, carol] = [await scenery.user('alice'), await scenery.user('carol')];
  const [caller, browser] = [await scenery.open(alice.token), await scenery.open(carol.token, BROWSER)];
  await Promise.all([caller, browser].map((socket) => socket.next('user.connected')));
  const [floors, peers] = await Promise.all([startFloors(scenery, { url, dynamodb: table }), startPeers()]);
  const contestants: Contestant[] = [
    { name: OURS, play: wokenCall(scenery, caller) },
    { name: ONLINE, play: onlineCall(scenery, caller, { ...carol, socket: browser }) },
    { name: FLOOR, play: floors.play },
    { name: HOPS, play: emptyHops(scenery, caller) },
    ...peers.contestants,
  ];
  const taken = await playInTurn(contestants, { calls, warmUp: WARM_UP }, told);
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
      const [spread, floor_p50_ms] = [spreadOf(times), spreadOf(floor).p50_ms];
      const ratio = rounded(spread.p50_ms / floor_p50_ms, 2);
      return [[key, { ...spread, floor_p50_ms, ratio, calls: times.length }]];
    }),
  );
}

const spreads = (times: Times): Record<string, Spread> =>
  Object.fromEntries([...times].map(([figure, ofFigure]) => [figure, spreadOf(ofFigure)]));
