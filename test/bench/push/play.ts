import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import type { Ground } from './contestant.ts';
import { judge, type Result } from './judge.ts';
import { type Player, startPlayer } from './player-process.ts';
import { type BenchRing, makeRings, RING_MS, WARM_UP_RINGS } from './rings.ts';
import type { Stage, Trace } from './traces.ts';

/** One trace, played to one sender. */
export interface Play {
  readonly trace: Trace;
  readonly contestant: string;
  readonly rings: number;
  /** Rings a second. */
  readonly rate: number;
  readonly seed: number;
  readonly dynamodb: Ground['dynamodb'];
}

/** How long before the first ring a sender may prepare: Carillon writes its calls into its table, the others have none. */
const leadMs = (contestant: string): number => (contestant === 'carillon' ? 1500 : 100);

/** Plays a trace. Resolves when the burst is over; `result` waits for late pushes, so that the next play can start before. */
export async function play(of: Play): Promise<{ readonly result: Promise<Result> }> {
  const { trace, contestant, seed } = of;
  const fakes = await startPushFakes();
  const random = seededRandom(seed);
  const startOf = startsOf(of);
  const rings = makeRings(WARM_UP_RINGS + of.rings, { label: `${trace.name} ${seed}`, random, startOf });
  for (const ring of rings.slice(WARM_UP_RINGS)) {
    ring.devices.forEach((device, nth) => {
      const answers = trace.answers?.(device, nth, ring, random) ?? [];
      if (answers.length > 0) fakes.script(device.token, answers);
    });
  }
  const player = await startPlayer(contestant, fakes.caPem);
  await player.ask({ type: 'prepare', contestant, ground: groundOf(fakes, of), portOf: portsOf(fakes), rings });
  const startsAt = Date.now() + leadMs(contestant);
  await player.ask({ type: 'open', startsAt });
  await wait(Math.max(0, startsAt - Date.now()));
  const stage: Stage = {
    fakes,
    freeze: () => void player.process.kill('SIGSTOP'),
    thaw: () => void player.process.kill('SIGCONT'),
  };
  const started = await ringAll(rings, player, trace, startsAt, stage);
  const result = async (): Promise<Result> => {
    await player.settled(RING_MS + 1000);
    const deleted = await player.finish();
    const counted = { rings: rings.slice(WARM_UP_RINGS), started: started.slice(WARM_UP_RINGS) };
    const judged = judge({ trace, ...counted, deleted, fakes });
    await fakes.close();
    return judged;
  };
  return { result: result() };
}

function startsOf({ rings, rate, trace }: Play): (index: number) => number {
  const pauseMs = trace.pause?.ms ?? 0;
  return (index) => (index * 1000) / rate + (index >= WARM_UP_RINGS + rings / 2 ? pauseMs : 0);
}

/** Starts every ring at its time and injects the faults, and returns when the rings really started. */
async function ringAll(
  rings: readonly BenchRing[],
  player: Player,
  { pause, events = [] }: Trace,
  startsAt: number,
  stage: Stage,
): Promise<number[]> {
  const started: number[] = [];
  const counted = rings.length - WARM_UP_RINGS;
  const half = WARM_UP_RINGS + Math.ceil(counted / 2);
  const strikeAt = new Map(
    events.map(({ afterShare, strike }) => [WARM_UP_RINGS + Math.floor(counted * afterShare), strike]),
  );
  for (const [index, { startsAfterMs }] of rings.entries()) {
    if (index === half && pause) {
      const left = (ms: number) => wait(Math.max(0, startsAt + startsAfterMs - ms - Date.now()));
      await left(pause.ms * 0.8);
      pause.begin(stage);
      await left(0);
      pause.end?.(stage);
    }
    strikeAt.get(index)?.(stage);
    const leftMs = startsAt + startsAfterMs - Date.now();
    if (leftMs > 0) await wait(leftMs);
    started.push(Date.now());
    player.tell({ type: 'ring', index, expiresAt: Date.now() + RING_MS });
  }
  return started;
}

const portsOf = ({ fcmEndpoint, apnsEndpoint, apnsSandboxEndpoint }: PushFakes): Record<string, number> => {
  const port = (endpoint: string): number => Number(new URL(endpoint).port);
  return {
    'fcm.googleapis.com': port(fcmEndpoint),
    'oauth2.googleapis.com': port(fcmEndpoint),
    'api.push.apple.com': port(apnsEndpoint),
    'api.sandbox.push.apple.com': port(apnsSandboxEndpoint),
  };
};

/** The credentials that the fakes accept. */
interface Providers {
  readonly firebase: { readonly default: Ground['account'] };
  readonly apn: { readonly default: Ground['apns'] };
}

function groundOf({ providersSecret }: PushFakes, { dynamodb }: Play): Ground {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fakes' own secret, of which the product knows the shape
  const { firebase, apn } = providersSecret as Providers;
  return { account: firebase.default, apns: apn.default, providersSecret, dynamodb };
}
